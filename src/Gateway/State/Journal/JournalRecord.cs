namespace Gateway.State.Journal;

/// <summary>One record of a journal.</summary>
/// <param name="Sequence">1, 2, 3… without gaps.</param>
/// <param name="Time">When it was appended, by the clock of who appended it.</param>
/// <param name="Kind">What it is, dotted.</param>
/// <param name="Body">UTF-8 JSON.</param>
/// <param name="PreviousHash">The hash of the record before; 32 zero bytes for the first.</param>
/// <param name="Hash">SHA-256 over everything above.</param>
internal sealed record JournalRecord(long Sequence, DateTimeOffset Time, string Kind, ReadOnlyMemory<byte> Body, byte[] PreviousHash, byte[] Hash);
