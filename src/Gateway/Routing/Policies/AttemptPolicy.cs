namespace Gateway.Routing.Policies;

/// <summary>How often and how soon providers are called again for one request.</summary>
internal sealed record AttemptPolicy
{
    /// <summary>What holds where nothing is configured.</summary>
    public static AttemptPolicy Default { get; } = new();

    /// <summary>Calls of providers in all, 1 to 6. Default 4.</summary>
    public int Most { get; init; } = 4;

    /// <summary>Calls of one target in all, 1 to 3. Default 2.</summary>
    public int MostPerTarget { get; init; } = 2;

    /// <summary>The longest pause before the first retry of a target; it doubles with each. Default 500 ms.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause before any retry. Default 4 s.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>A Retry-After up to this is waited for though another target could serve. Default 1 s.</summary>
    public TimeSpan ShortWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A Retry-After up to this is waited for when no other target can serve. Default 10 s.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What attempts that were billed may cost together before no further one is begun, in nano-dollars; null: the caller's limits only.</summary>
    public long? MaxCostNanoUsd { get; init; }

    /// <summary>Without content for this long, another target is called as well and the first to answer serves; null: never.</summary>
    public TimeSpan? HedgeAfter { get; init; }
}
