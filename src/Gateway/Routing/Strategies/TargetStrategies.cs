namespace Gateway.Routing.Strategies;

/// <summary>The strategies that a group of targets can have, by their names in configuration.</summary>
internal static class TargetStrategies
{
    /// <summary>What a group has that names none.</summary>
    public const string Default = "priority";

    /// <summary>Their names, each with a line that says what it does.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> All { get; } =
    [
        new("priority", "The first that can serve, in the order written."),
        new("weighted", "Each as often as its weight says; weight 0 only when no other can serve."),
        new("round_robin", "One after the other."),
        new("least_in_flight", "The one with the fewest requests under way."),
        new("lowest_latency", "The one expected to be through first, by time to first token and tokens per second."),
        new("lowest_cost", "The cheapest for the request's tokens."),
        new("usage_based", "In proportion to what providers say is left of their rate limits."),
        new("hash", "The same for what belongs together, so that prompt caches stay warm."),
        new("spillover", "The first until it is busy or says 429, then the next: reserved capacity before pay-as-you-go."),
    ];

    /// <summary>Whether it looks at <see cref="TargetSnapshot.Weight"/>.</summary>
    public static bool UsesWeights(string name) => name is "weighted" or "hash";

    /// <summary>Makes one for a group.</summary>
    /// <param name="name">One of <see cref="All"/>.</param>
    /// <param name="random">For tests that must see the same numbers again.</param>
    /// <returns>Null when there is none of that name.</returns>
    public static TargetStrategy? Create(string name, Random? random = null)
    {
        random ??= Random.Shared;
        return name switch
        {
            "priority" => PriorityStrategy.Instance,
            "weighted" => new WeightedStrategy(random),
            "round_robin" => new RoundRobinStrategy(random),
            "least_in_flight" => new LeastInFlightStrategy(random),
            "lowest_latency" => new LowestLatencyStrategy(random),
            "lowest_cost" => LowestCostStrategy.Instance,
            "usage_based" => new UsageBasedStrategy(random),
            "hash" => new HashStrategy(random),
            "spillover" => SpilloverStrategy.Instance,
            _ => null,
        };
    }
}
