namespace Gateway.Configuration;

/// <summary>The <c>jobs</c> section. Nothing of it can change without a restart.</summary>
internal sealed record JobsConfig
{
    /// <summary>True: jobs run in the gateway's processes. False: in Functions, and the gateway only keeps its own disk in order.</summary>
    public bool InProcess { get; init; } = true;

    /// <summary>From which age on the catalogue's prices are reported as old, in days: 1 to 3,650, default 60.</summary>
    public int StalePriceDays { get; init; } = 60;

    /// <summary>Between two probes of each provider in seconds: 10 to 3,600, default 30; 0: providers are not probed.</summary>
    public int ProbeSeconds { get; init; } = 30;
}
