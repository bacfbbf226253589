namespace Gateway.Jobs.Usage;

/// <summary>How usage is published. The defaults are for production.</summary>
internal sealed record UsagePublisherOptions
{
    /// <summary>How often the ledger is looked at.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The wait after a failure; it doubles with each further one…</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>…up to this.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often it is written down how far the replica has published, at most.</summary>
    public TimeSpan MarkInterval { get; init; } = TimeSpan.FromSeconds(5);
}
