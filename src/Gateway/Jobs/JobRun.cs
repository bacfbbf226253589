namespace Gateway.Jobs;

/// <summary>How the last run of a job went; kept in the state store.</summary>
internal sealed record JobRun
{
    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public long DurationMs { get; init; }

    /// <summary>Why it failed; null: it did not.</summary>
    public string? Error { get; init; }

    /// <summary>What it did.</summary>
    public Dictionary<string, long> Counts { get; init; } = [];

    /// <summary>How far behind its subject is, in seconds.</summary>
    public double LagSeconds { get; init; }

    /// <summary>Who ran it.</summary>
    public string Replica { get; init; } = "";

    /// <summary>Greater than that of every earlier run.</summary>
    public long Fence { get; init; }
}
