namespace Gateway.Jobs;

/// <summary>How jobs are run. The defaults are for production.</summary>
internal sealed record JobRunnerOptions
{
    /// <summary>Who runs: the replica's id.</summary>
    public required string Replica { get; init; }

    /// <summary>For how long nobody else runs a job whose runner has fallen silent. It is prolonged three times as often.</summary>
    public TimeSpan LeaseLife { get; init; } = TimeSpan.FromMinutes(2);
}
