namespace Gateway.Metering;

/// <summary>Consecutive ledger entries of one replica, as they are published.</summary>
/// <param name="Replica">The replica.</param>
/// <param name="First">The sequence that the batch begins with, ≥ 1.</param>
/// <param name="Last">The sequence that it ends with.</param>
/// <param name="Entries">All entries of the replica from <paramref name="First"/> to <paramref name="Last"/>, in the order of their sequence.</param>
internal sealed record UsageBatch(string Replica, long First, long Last, IReadOnlyList<LedgerEntry> Entries)
{
    /// <summary>The type of the event that carries it.</summary>
    public const string EventType = "gateway.usage.v1";

    /// <summary>The most entries of one batch.</summary>
    public const int MaxEntries = 500;

    /// <summary>The most bytes of one batch as JSON, unless a single entry is larger.</summary>
    public const int MaxBytes = 512 << 10;

    /// <summary>The id of the event that carries it: <c>REPLICA:FIRST-LAST</c>.</summary>
    public string Id => $"{Replica}:{First}-{Last}";
}
