namespace GatewayApi.Telemetry;

/// <summary>What the replies of one series add up to.</summary>
/// <param name="Replies">How many there were.</param>
/// <param name="Input">Input tokens.</param>
/// <param name="Output">Output tokens.</param>
/// <param name="CostNanoUsd">Cost in nano-dollars.</param>
/// <param name="Attempts">Calls of providers.</param>
/// <param name="LoneAttempts">Those of them that no list tells of, for there was but one and it answered.</param>
internal readonly record struct ReplyTotals(long Replies, long Input, long Output, long CostNanoUsd, long Attempts, long LoneAttempts);
