namespace Gateway.Audit;

/// <summary>What became of verifying an exported log.</summary>
/// <param name="Records">How many records are in order, from the first.</param>
/// <param name="Head">The last of them; null: there is none.</param>
/// <param name="Anchors">How many anchors agree.</param>
/// <param name="Finding">The first thing that is wrong; null: nothing.</param>
internal sealed record AuditReport(long Records, AuditAnchor? Head, int Anchors, AuditFinding? Finding);
