using System.Text.Json;
using Gateway.Admission.Directory;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Settings;

namespace Gateway.Configuration.Entities;

/// <summary>Turns a checked node into an entity. What the checks refused counts as not written; members it does not know are passed over.</summary>
internal static class EntityBinder
{
    /// <summary>Binds an entity.</summary>
    public static Entity Bind(EntityKind kind, string id, ConfigNode node)
    {
        Entity entity = kind switch
        {
            EntityKind.Customer => new Customer { Weight = (int)(Whole(node.Find("weight"), 1, 100) ?? 1) },
            EntityKind.Team => new Team { Customer = Text(node.Find("customer")) },
            EntityKind.User => new User { Team = Text(node.Find("team")), Customer = Text(node.Find("customer")), Login = Text(node.Find("login")) },
            _ => Key(node),
        };
        return entity with
        {
            Id = id,
            Name = Text(node.Find("name")),
            Disabled = Flag(node.Find("disabled")),
            Models = Texts(node.Find("models")),
            Providers = Texts(node.Find("providers")),
            Residency = Texts(node.Find("residency")),
            Retention = Texts(node.Find("retention")),
            Budgets = [.. Items(node.Find("budgets")).Select(Budget)],
            RateLimits = [.. Items(node.Find("rateLimits")).Select(RateLimit)],
            MaxParallel = (int?)Whole(node.Find("maxParallel"), 1, int.MaxValue),
            MaxBytesInFlight = Whole(node.Find("maxBytesInFlight"), 1, long.MaxValue),
            Metadata = Metadata(node.Find("metadata")),
        };
    }

    private static KeyEntity Key(ConfigNode node) => new()
    {
        User = Text(node.Find("user")),
        Team = Text(node.Find("team")),
        Customer = Text(node.Find("customer")),
        Hashes = [.. Items(node.Find("hashes")).Select(Hash).OfType<KeyHash>()],
        Expires = Moment(node.Find("expires")),
        AllowedNetworks = Texts(node.Find("allowedNetworks")) ?? [],
        Routes = Texts(node.Find("routes")),
        Tags = Texts(node.Find("tags")) ?? [],
        McpTools = Texts(node.Find("mcpTools")),
        GuardrailProfile = Text(node.Find("guardrailProfile")),
        CachePolicy = Text(node.Find("cachePolicy")),
    };

    private static BudgetEntry Budget(ConfigNode node)
    {
        var defaults = new BudgetEntry();
        return new BudgetEntry
        {
            Name = Text(node.Find("name")) ?? defaults.Name,
            Unit = Text(node.Find("unit")) ?? defaults.Unit,
            Amount = Amount(node.Find("amount")),
            Window = Text(node.Find("window")) ?? defaults.Window,
            Rolling = Flag(node.Find("rolling")),
            TimeZone = Text(node.Find("timeZone")) ?? defaults.TimeZone,
            Models = Texts(node.Find("models")) ?? [],
            Providers = Texts(node.Find("providers")) ?? [],
            WhenExceeded = Text(node.Find("whenExceeded")) ?? defaults.WhenExceeded,
            WhenUnavailable = Text(node.Find("whenUnavailable")) ?? defaults.WhenUnavailable,
            AlertAt = [.. Items(node.Find("alertAt")).Select(n => Whole(n, 1, 100)).OfType<long>().Select(n => (int)n)],
        };
    }

    private static RateLimitEntry RateLimit(ConfigNode node)
    {
        var defaults = new RateLimitEntry();
        return new RateLimitEntry
        {
            Name = Text(node.Find("name")) ?? defaults.Name,
            Unit = Text(node.Find("unit")) ?? defaults.Unit,
            Amount = Whole(node.Find("amount"), 0, long.MaxValue) ?? 0,
            Window = Text(node.Find("window")) ?? defaults.Window,
            Models = Texts(node.Find("models")) ?? [],
            Providers = Texts(node.Find("providers")) ?? [],
            WhenUnavailable = Text(node.Find("whenUnavailable")) ?? defaults.WhenUnavailable,
        };
    }

    private static KeyHash? Hash(ConfigNode node) =>
        Text(node.Find("hash")) is { } text && TextRules.ParseKeyHash(text) is { } hash ? new KeyHash(hash, Moment(node.Find("until"))) : null;

    private static SortedDictionary<string, string> Metadata(ConfigNode? node)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in node?.Members ?? [])
        {
            if (Text(value) is { } text) texts[name] = text;
        }

        return texts;
    }

    // Dividing by one written with all its zeros drops those at the end: 10.50 and 10.5 are the same amount.
    private static decimal Amount(ConfigNode? node) => (NumberShape.Read(node) ?? 0) / 1.0000000000000000000000000000m;

    private static DateTimeOffset? Moment(ConfigNode? node) => Text(node) is { } text ? EntityTextRules.ParseMoment(text) : null;

    private static string? Text(ConfigNode? node) => node is { Kind: JsonValueKind.String } ? node.Text : null;

    private static bool Flag(ConfigNode? node) => node?.Kind == JsonValueKind.True;

    private static long? Whole(ConfigNode? node, long min, long max) =>
        NumberShape.Read(node) is { } value && value >= min && value <= max && decimal.IsInteger(value) ? (long)value : null;

    private static IReadOnlyList<string>? Texts(ConfigNode? node) => node is null ? null : [.. node.Items.Select(Text).OfType<string>()];

    private static IReadOnlyList<ConfigNode> Items(ConfigNode? node) => node?.Items ?? [];
}
