namespace Gateway.Metering;

/// <summary>What a key used between two moments.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="From">First moment counted, or null for the beginning.</param>
/// <param name="To">First moment no longer counted, or null for now.</param>
/// <param name="Models">Per requested model, in alphabetical order.</param>
internal sealed record UsageSummary(string KeyId, DateTimeOffset? From, DateTimeOffset? To, IReadOnlyList<ModelUsage> Models)
{
    /// <summary>All replies.</summary>
    public long Requests => Models.Sum(model => model.Requests);

    /// <summary>What they cost together, in nano-dollars.</summary>
    public long CostNanoUsd => Models.Sum(model => model.CostNanoUsd);
}
