namespace Gateway.Routing;

/// <summary>On what terms a route uses a target.</summary>
internal sealed record TargetTerms
{
    /// <summary>Those of a target of which nothing else is said.</summary>
    public static TargetTerms Usual { get; } = new();

    /// <summary>What tells its live state from that of other uses of its address, such as a region; null: it is the address's own.</summary>
    public string? Variant { get; init; }

    /// <summary>Its share of the requests of its group; 0 to 1,000,000.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>With so many requests under way it counts as busy for the strategy <c>spillover</c>, ≥ 1.</summary>
    public int SpillAbove { get; init; } = int.MaxValue;

    /// <summary>How many calls of it may be under way at once, &gt; 0; null: as many as it turns out to bear.</summary>
    public int? MaxConcurrency { get; init; }
}
