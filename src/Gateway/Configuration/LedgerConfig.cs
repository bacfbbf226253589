namespace Gateway.Configuration;

/// <summary>The <c>ledger</c> section. Nothing of it can change without a restart.</summary>
internal sealed record LedgerConfig
{
    /// <summary>True: every entry is forced to disk before its reply ends. False: at intervals.</summary>
    public bool FsyncAlways { get; init; }

    /// <summary>Between two forced writes: 1 ms to 10 s, default 50 ms. Only when <see cref="FsyncAlways"/> is false.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Size at which a new spool file is begun: 1 to 1,024 MiB, default 64.</summary>
    public int SegmentMiB { get; init; } = 64;

    /// <summary>How many days entries are kept: 40 to 36,500; null: for ever. Budgets' windows reach back 31 days.</summary>
    public int? KeepDays { get; init; }
}
