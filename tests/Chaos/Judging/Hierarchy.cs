namespace Chaos.Judging;

/// <summary>The callers of the run: one hierarchy four deep that is used up all the time, and two keys for when the sidecar is away.</summary>
internal static class Hierarchy
{
    /// <summary>Value of the key at the bottom of the hierarchy.</summary>
    public const string Key = "gw-chaos-key";

    /// <summary>Value of a key whose budget may be exceeded while the store is away.</summary>
    public const string AllowingKey = "gw-chaos-allowing-key";

    /// <summary>Value of a key whose budget may not.</summary>
    public const string RefusingKey = "gw-chaos-refusing-key";

    /// <summary>The administrator's key.</summary>
    public const string AdminKey = "gw-chaos-admin-key";

    private const long Plenty = 1_000_000_000_000;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>
    /// The limits that the storm is about. A request takes about 9,000 nano-dollars and 32 tokens, so that each of them is the tightest now and then; the last
    /// one makes replies shorter before it refuses any.
    /// </summary>
    public static IReadOnlyList<TestedLimit> Tight { get; } =
    [
        new("customer", "acme", "hour", "usd", 680_000, Hour),
        new("customer", "acme", "tokens", "tokens", 4_000, 2 * Hour),
        new("team", "search", "hour", "usd", 660_000, Hour),
        new("team", "search", "rate", "requests", 60, TimeSpan.FromSeconds(10)) { IsRate = true },
        new("user", "ann", "tokens", "tokens", 2_400, Hour),
        new("user", "ann", "calls", "requests", 80, Hour) { Rolling = true },
        new("key", "chaos", "hour", "usd", 640_000, Hour) { WhenExceeded = "clamp" },
    ];

    /// <summary>Limits of the other keys.</summary>
    public static IReadOnlyList<TestedLimit> Wide { get; } =
    [
        new("key", "allowing", "hour", "usd", Plenty, Hour) { WhenUnavailable = "allow" },
        new("key", "allowing", "rate", "requests", 1_000_000, TimeSpan.FromSeconds(10)) { IsRate = true, WhenUnavailable = "allow" },
        new("key", "refusing", "hour", "usd", Plenty, Hour),
    ];

    /// <summary>All budgets: what is spent of them must agree with the ledger.</summary>
    public static IEnumerable<TestedLimit> Budgets => Tight.Concat(Wide).Where(limit => !limit.IsRate);

    /// <summary>The part of gateway.json that declares them.</summary>
    public static string ToJson() => $$"""
          "customers": { "acme": { "models": ["*"]{{LimitsOf("customer", "acme")}} } },
          "teams": { "search": { "customer": "acme"{{LimitsOf("team", "search")}} } },
          "users": { "ann": { "team": "search"{{LimitsOf("user", "ann")}} } },
          "keys": [
            { "id": "chaos", "value": "env:CHAOS_KEY", "user": "ann"{{LimitsOf("key", "chaos")}} },
            { "id": "allowing", "value": "env:ALLOWING_KEY", "models": ["*"]{{LimitsOf("key", "allowing")}} },
            { "id": "refusing", "value": "env:REFUSING_KEY", "models": ["*"]{{LimitsOf("key", "refusing")}} }
          ]
        """;

    private static string LimitsOf(string scope, string owner)
    {
        var own = Tight.Concat(Wide).Where(limit => limit.Scope == scope && limit.Owner == owner).ToLookup(limit => limit.IsRate, limit => limit.ToJson());
        var budgets = own[false].Any() ? $", \"budgets\": [{string.Join(", ", own[false])}]" : "";
        var rates = own[true].Any() ? $", \"rateLimits\": [{string.Join(", ", own[true])}]" : "";
        return budgets + rates;
    }
}
