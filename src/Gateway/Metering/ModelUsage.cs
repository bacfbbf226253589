namespace Gateway.Metering;

/// <summary>What was used of one model.</summary>
/// <param name="Model">The model as clients wrote it.</param>
/// <param name="Requests">Replies, failed ones included.</param>
/// <param name="Estimated">How many of them have estimated tokens.</param>
/// <param name="Usage">Tokens by class.</param>
/// <param name="CostNanoUsd">Cost in nano-dollars.</param>
internal sealed record ModelUsage(string Model, long Requests, long Estimated, TokenUsage Usage, long CostNanoUsd);
