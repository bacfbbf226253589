namespace Gateway.Metering;

/// <summary>What one attempt used, and who pays for it.</summary>
/// <param name="Usage">Tokens; none when nobody pays.</param>
/// <param name="Estimated">Whether the gateway counted them.</param>
/// <param name="CostNanoUsd">The cost in nano-dollars.</param>
/// <param name="PriceVersion">The price used, or an empty text.</param>
/// <param name="IsDelivered">Whether the caller pays: it got the answer, or part of it, or left while it was waiting. Otherwise the operator does.</param>
internal readonly record struct AttemptCharge(TokenUsage Usage, bool Estimated, long CostNanoUsd, string PriceVersion, bool IsDelivered)
{
    /// <summary>Nobody pays: it failed without content.</summary>
    public static AttemptCharge None { get; } = new(default, false, 0, "", false);
}
