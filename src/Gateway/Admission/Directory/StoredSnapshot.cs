namespace Gateway.Admission.Directory;

/// <summary>What the journal came to at a record.</summary>
/// <param name="Sequence">The record's sequence.</param>
/// <param name="RecordHash">The record's hash, so that a journal that was changed since does not pass for the same.</param>
/// <param name="Entities">The entities then.</param>
internal sealed record StoredSnapshot(long Sequence, byte[] RecordHash, IReadOnlyCollection<EntityRecord> Entities);
