namespace Gateway.Metering;

/// <summary>Entries that matched, newest first.</summary>
/// <param name="Entries">At most as many as asked for.</param>
/// <param name="NextCursor">Continues after the last entry, or null when there are no more.</param>
internal sealed record LedgerPage(IReadOnlyList<LedgerEntry> Entries, string? NextCursor);
