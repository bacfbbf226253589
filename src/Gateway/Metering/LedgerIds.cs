namespace Gateway.Metering;

/// <summary>Ids of entries in the store: the replica's number and the entry's sequence in one integer, so that an id says where an entry belongs and a replica's ids rise.</summary>
internal static class LedgerIds
{
    /// <summary>A replica may write a million million entries, and there may be eight million replicas.</summary>
    public const int SequenceBits = 40;

    /// <summary>The id of an entry.</summary>
    /// <param name="replica">The replica's number.</param>
    /// <param name="sequence">The entry's sequence.</param>
    public static long Of(long replica, long sequence) => (replica << SequenceBits) + sequence;

    /// <summary>The number of an entry's replica.</summary>
    public static long ReplicaOf(long id) => id >> SequenceBits;
}
