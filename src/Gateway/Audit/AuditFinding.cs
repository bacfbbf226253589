namespace Gateway.Audit;

/// <summary>The first thing that is wrong with an exported log.</summary>
/// <param name="Fault">What.</param>
/// <param name="Line">The line where it shows, from 1; the line after the last when the end is missing.</param>
/// <param name="First">The first record concerned.</param>
/// <param name="Last">The last record concerned.</param>
/// <param name="Message">For people.</param>
internal sealed record AuditFinding(AuditFault Fault, long Line, long First, long Last, string Message);
