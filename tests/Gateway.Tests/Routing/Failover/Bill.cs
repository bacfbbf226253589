namespace Gateway.Tests.Routing.Failover;

/// <summary>What the ledger says of a reply.</summary>
/// <param name="Outcome">completed, failed, interrupted or aborted.</param>
/// <param name="Attempts">Calls of providers.</param>
/// <param name="Cost">Nano-dollars.</param>
/// <param name="IsEstimated">Whether tokens were counted by the gateway.</param>
internal sealed record Bill(string Outcome, int Attempts, long Cost, bool IsEstimated);
