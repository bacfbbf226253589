using Gateway.Admission.Directory;
using Gateway.Configuration.Routes;
using Gateway.Configuration.Settings;

namespace Gateway.Configuration.Entities;

/// <summary>The settings of customers, teams, users and keys: one table for gateway.json, the admin API and the journal.</summary>
internal static class EntitySettings
{
    /// <summary>Most limits of one entity.</summary>
    public const int MostLimits = 32;

    /// <summary>Most values of a key that are good at the same time.</summary>
    public const int MostHashes = 8;

    private const int MostGlobs = 256;

    /// <summary>A customer in gateway.json.</summary>
    public static ObjectShape Customer { get; } = new(
    [
        .. Common(),
        new Setting("weight", new NumberShape(1, 100), "Its share of a gateway at its limit, against other customers'.") { Default = "1" },
    ]);

    /// <summary>A team in gateway.json.</summary>
    public static ObjectShape Team { get; } = new([.. Common(), Parent("customer", "The customer it belongs to.")]);

    /// <summary>A user in gateway.json.</summary>
    public static ObjectShape User { get; } = new(
    [
        .. Common(),
        Parent("team", "The team they belong to."),
        Parent("customer", "The customer they belong to, where there is no team."),
        new Setting("login", new TextShape(EntityTextRules.Text), "The subject of their login, or an e-mail address that their login vouches for."),
    ])
    {
        NotBoth = ("customer", "team"),
    };

    /// <summary>A key in gateway.json.</summary>
    public static ObjectShape DeclaredKey { get; } = new(
    [
        new Setting("id", new TextShape(EntityTextRules.Id), "Public id, shown in logs and the ledger.") { Required = true },
        .. Key(),
        new Setting("hash", new TextShape(TextRules.KeyHash), "The key's hash: \"hmac-sha256:\" and 64 hexadecimal digits, made with the deployment's key-hashing secret."),
        new Setting("value", new TextShape(TextRules.SecretReference), "Where the key itself is kept: \"env:NAME\", \"file:PATH\" (relative to this file) or \"secret:NAME\"."),
    ])
    {
        ExactlyOneOf = ["hash", "value"],
    };

    /// <summary>What the admin API takes.</summary>
    public static ObjectShape Written(EntityKind kind) => WrittenShapes[(int)kind];

    /// <summary>What the journal holds: what the admin API takes, and the hashes of keys.</summary>
    public static ObjectShape Kept(EntityKind kind) => kind == EntityKind.Key ? KeptKey : Written(kind);

    private static readonly ObjectShape[] WrittenShapes =
    [
        WithId(Customer.Settings),
        WithId(Team.Settings),
        new([IdSetting(), .. User.Settings]) { NotBoth = User.NotBoth },
        WithId(Key()),
    ];

    private static readonly ObjectShape KeptKey = WithId(
    [
        .. Key(),
        new Setting("hashes", new ListShape(Hash()) { MaxItems = MostHashes }, "Hashes of its values."),
    ]);

    private static ObjectShape WithId(IReadOnlyList<Setting> settings) => new([IdSetting(), .. settings]);

    private static Setting IdSetting() => new("id", new TextShape(EntityTextRules.Id), "Its id.") { Required = true };

    private static Setting[] Common() =>
    [
        new("name", new TextShape(EntityTextRules.Text), "Name for people. Default: the id."),
        new("disabled", new FlagShape(), "Refuses everything under it.") { Default = "false" },
        new("models", Globs(TextRules.ModelGlob), "Globs (* and ?) over routes and \"provider/model\" addresses that may be used. Every level that has such a list must allow the model. Default: what the levels above allow."),
        new("providers", Globs(EntityTextRules.ProviderGlob), "Globs over the providers that may be used, likewise. Default: what the levels above allow."),
        new("residency", RouteSettings.Labels(), "Where requests may be served, in the words of the providers' residency. Every level that has such a list must allow it. Default: what the levels above allow."),
        new("retention", RouteSettings.Labels(), "For how long providers may keep what they are sent, likewise in the words of their retention. Default: what the levels above allow."),
        new("budgets", new ListShape(Budget()) { MaxItems = MostLimits }, "How much may be used in longer windows. Exceeding one is 402."),
        new("rateLimits", new ListShape(RateLimit()) { MaxItems = MostLimits }, "How much may be used in shorter windows. Exceeding one is 429."),
        new("maxParallel", new NumberShape(1, 1_000_000), "Requests in flight at once, over all replicas. Default: no limit."),
        new("maxBytesInFlight", new NumberShape(1_024, 1L << 40), "Bytes of request bodies in flight at once, over all replicas. Default: no limit."),
        new("metadata", new MapShape(EntityTextRules.Id, new TextShape(EntityTextRules.Text)) { MaxMembers = 32 }, "Texts of your own."),
    ];

    private static Setting[] Key() =>
    [
        .. Common(),
        Parent("user", "The user it belongs to. At most one of user, team and customer; the rest follows."),
        Parent("team", "The team it belongs to, where there is no user."),
        Parent("customer", "The customer it belongs to, where there is neither."),
        new("expires", new TextShape(EntityTextRules.Moment), "When it is refused from. Default: never."),
        new("allowedNetworks", new ListShape(new TextShape(EntityTextRules.Network), 1) { MaxItems = 64 }, "Networks it may be used from. Default: any."),
        new("routes", new ListShape(new TextShape(TextRules.RouteName), 1) { MaxItems = MostGlobs }, "Names of routes it may use besides its models; alone, only these."),
        new("tags", new ListShape(new TextShape(EntityTextRules.Tag), 1) { MaxItems = 8 }, "What routing rules may ask for (caller.tags)."),
        new("mcpTools", Globs(EntityTextRules.ToolGlob), "Globs over the MCP tools it may call. Default: none. Kept with the key; this version serves no MCP tools."),
        new("guardrailProfile", new TextShape(EntityTextRules.Id), "The guardrail profile for its requests. Kept with the key; this version has no guardrails, so nothing is checked by it."),
        new("cachePolicy", new TextShape(EntityTextRules.Id), "The cache policy for its requests. Kept with the key; this version caches no answers."),
    ];

    private static ObjectShape Budget() => new(
        new Setting("name", new TextShape(EntityTextRules.LimitName), "Unique among its owner's limits. What was spent stays with the name.") { Required = true },
        new Setting("unit", new TextShape(TextRule.OneOf("usd", "tokens", "requests")), "What is counted.") { Default = "\"usd\"" },
        new Setting("amount", new NumberShape(0, 1_000_000_000_000_000, 9), "How much: dollars with up to nine decimals, or a whole number of tokens or requests.") { Required = true },
        new Setting("window", new TextShape(EntityTextRules.BudgetWindow), "How long it lasts.") { Default = "\"1M\"" },
        new Setting("rolling", new FlagShape(), "True: what was used in the last window counts. False: windows begin with the calendar.") { Default = "false" },
        new Setting("timeZone", new TextShape(EntityTextRules.TimeZone), "Where calendar windows of a day and longer begin.") { Default = "\"UTC\"" },
        LimitModels(),
        LimitProviders(),
        new Setting("whenExceeded", new TextShape(TextRule.OneOf("refuse", "clamp")), "What happens to a request whose worst case does not fit: it is refused, or may have as many output tokens as are left.") { Default = "\"refuse\"" },
        new Setting("whenUnavailable", new TextShape(TextRule.OneOf("refuse", "allow")), "What happens while the state store can't be asked and nothing is left in hand.") { Default = "\"refuse\"" },
        new Setting("alertAt", new ListShape(new NumberShape(1, 100), 1) { MaxItems = 10 }, "Percentages whose passing is announced, rising."));

    private static ObjectShape RateLimit() => new(
        new Setting("name", new TextShape(EntityTextRules.LimitName), "Unique among its owner's limits.") { Required = true },
        new Setting("unit", new TextShape(TextRule.OneOf("requests", "tokens")), "What is counted.") { Default = "\"requests\"" },
        new Setting("amount", new NumberShape(1, 1_000_000_000_000_000), "How many in a window.") { Required = true },
        new Setting("window", new TextShape(EntityTextRules.RateWindow), "How long it lasts.") { Default = "\"1m\"" },
        LimitModels(),
        LimitProviders(),
        new Setting("whenUnavailable", new TextShape(TextRule.OneOf("allow", "refuse")), "What happens while the state store can't be asked and nothing is left in hand.") { Default = "\"allow\"" });

    private static ObjectShape Hash() => new(
        new Setting("hash", new TextShape(TextRules.KeyHash), "HMAC-SHA256 of the value.") { Required = true },
        new Setting("until", new TextShape(EntityTextRules.Moment), "When it is refused from."));

    private static Setting LimitModels() => new("models", Globs(TextRules.ModelGlob), "Globs over routes and \"provider/model\" addresses that count. Default: all.");

    private static Setting LimitProviders() => new("providers", Globs(EntityTextRules.ProviderGlob), "Globs over providers that count. Default: all.");

    private static Setting Parent(string name, string description) => new(name, new TextShape(EntityTextRules.Id), description);

    private static ListShape Globs(TextRule rule) => new(new TextShape(rule), 1) { MaxItems = MostGlobs };
}
