namespace Gateway.Jobs;

/// <summary>Who runs a job, and when it was last begun; the value by which replicas agree on it.</summary>
internal sealed record JobLease
{
    /// <summary>The runner that has, or had, the job.</summary>
    public string Holder { get; init; } = "";

    /// <summary>Grows with every run.</summary>
    public long Fence { get; init; }

    /// <summary>When the last run began, or when the job was first heard of.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>When somebody else may run it again, unless the holder prolongs it.</summary>
    public DateTimeOffset Expires { get; init; }

    /// <summary>Whether the last run was ended, well or not.</summary>
    public bool Done { get; init; }
}
