namespace Gateway.Metering;

/// <summary>How the ledger keeps its entries.</summary>
internal sealed record LedgerOptions
{
    /// <summary>The directory that holds <c>gateway.db</c> and <c>ledger/</c>; made when it is missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>When entries are forced to the disk. Default: every <see cref="FsyncInterval"/>.</summary>
    public FsyncMode Fsync { get; init; } = FsyncMode.Interval;

    /// <summary>The most a machine crash can lose under <see cref="FsyncMode.Interval"/>. Default 50 ms.</summary>
    public TimeSpan FsyncInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A spool segment is closed before it grows beyond this. Default 64 MiB.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>How long entries may wait in the spool before they are applied to the store. Default 200 ms.</summary>
    public TimeSpan ApplyInterval { get; init; } = TimeSpan.FromMilliseconds(200);
}
