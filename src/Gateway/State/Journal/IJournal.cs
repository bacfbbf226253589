namespace Gateway.State.Journal;

/// <summary>
/// An append-only log in the state store that any replica may append to. A record's slot is written only when it is empty, so that there is one
/// order for all, and every record carries the hash of the one before.
/// </summary>
internal interface IJournal
{
    /// <summary>Appends right after a given record.</summary>
    /// <param name="last">The last record that the caller knows; null: it knows of none.</param>
    /// <param name="kind">What the record is, dotted.</param>
    /// <param name="body">UTF-8 JSON, at most 256 KiB.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The record; null when another one follows <paramref name="last"/> already: read on and decide anew.</returns>
    Task<JournalRecord?> TryAppendAsync(JournalRecord? last, string kind, ReadOnlyMemory<byte> body, CancellationToken cancellation = default);

    /// <summary>The records after a sequence, in order, at most <paramref name="most"/>; fewer at the end. Checks sequence and hashes.</summary>
    /// <exception cref="InvalidDataException">The chain is broken.</exception>
    Task<IReadOnlyList<JournalRecord>> ReadAsync(long after, int most, CancellationToken cancellation = default);
}
