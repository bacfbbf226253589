namespace Gateway.Jobs.Usage;

/// <summary>How far a replica has published its ledger.</summary>
/// <param name="Sequence">The last sequence that the bus has.</param>
/// <param name="CompleteAt">Every entry that was written before this moment is among them.</param>
internal sealed record PublishedMark(long Sequence, DateTimeOffset CompleteAt);
