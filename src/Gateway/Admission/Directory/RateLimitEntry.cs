namespace Gateway.Admission.Directory;

/// <summary>A rate limit as written.</summary>
internal sealed record RateLimitEntry
{
    /// <summary>Unique among its owner's limits; same rules as an id.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>requests</c> or <c>tokens</c>.</summary>
    public string Unit { get; init; } = "requests";

    /// <summary>How many, ≥ 1.</summary>
    public long Amount { get; init; }

    /// <summary>A number and a unit: <c>1s</c> to <c>1h</c>.</summary>
    public string Window { get; init; } = "1m";

    /// <summary>Globs over route names and <c>provider/model</c> addresses that count; empty: all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Globs over providers that count; empty: all.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary><c>allow</c> or <c>refuse</c>.</summary>
    public string WhenUnavailable { get; init; } = "allow";
}
