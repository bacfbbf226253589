namespace Gateway.Configuration.Routes;

/// <summary>One target of a route as declared. Null members are those not written.</summary>
/// <param name="Address"><c>provider/model</c>.</param>
internal sealed record TargetConfig(string Address)
{
    /// <summary>Its share of the requests of its group.</summary>
    public int? Weight { get; init; }

    /// <summary>Ids of the provider's keys that may be used.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>The provider's region.</summary>
    public string? Region { get; init; }

    /// <summary>Where that region is, in the words of data policies.</summary>
    public string? Residency { get; init; }

    /// <summary>With so many calls in flight it counts as busy for the strategy <c>spillover</c>.</summary>
    public int? SpillAbove { get; init; }

    /// <summary>Calls in flight there at once.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>The id of the provider, or an empty string when the address has none.</summary>
    public string Provider => Address.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? Address[..slash] : "";

    /// <summary>The model's id on the provider's wire.</summary>
    public string Model => Address[(Address.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>What tells its live state from that of other targets with the same address; null when it is the provider's usual one.</summary>
    public string? Variant => (Region, Keys) switch
    {
        (null, null) => null,
        (var region, null) => region,
        (null, var keys) => Text(keys),
        var (region, keys) => $"{region}, {Text(keys)}",
    };

    private static string Text(IReadOnlyList<string> keys) => "keys " + string.Join('+', keys.Order(StringComparer.Ordinal));
}
