using System.Net;
using System.Text.Json;
using Gateway.Admission;
using Gateway.Admission.Directory;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Entities;
using Gateway.Configuration.Login;
using Gateway.Configuration.Routes;
using Gateway.Configuration.Rules;
using Gateway.Configuration.Settings;
using Gateway.Protocol;
using Gateway.Providers.Profiles;
using Gateway.Routing;
using Gateway.Secrets;
using Microsoft.Extensions.Logging;

namespace Gateway.Configuration;

/// <summary>
/// Turns a read document into records. Values that <see cref="GatewaySettings"/> refuses have been reported by then and count as
/// not written, so that the rest can still be checked.
/// </summary>
internal static class ConfigBinder
{
    /// <summary>Binds a whole document.</summary>
    public static GatewayConfig Bind(ConfigNode root, string baseDirectory, ProblemList problems)
    {
        var defaults = new GatewayConfig();
        return new GatewayConfig
        {
            BaseDirectory = baseDirectory,
            Server = Server(root.Find("server")),
            Limits = Limits(root.Find("limits")),
            Timeouts = Timeouts(root.Find("timeouts")),
            Providers = [.. Members(root.Find("providers")).Select(m => Provider(m.Key, m.Value))],
            SimulatorEnabled = Flag(root.Find("simulator")?.Find("enabled")),
            Routes = [.. Members(root.Find("routes")).Select(m => RouteBinder.Bind(m.Key, m.Value))],
            Rules = RuleBinder.Bind(root.Find("rules")),
            Models = [.. Members(root.Find("models")).Select(m => ModelBinder.Bind(m.Key, m.Value, problems)).OfType<ModelConfig>()],
            UnknownPrice = Policy(root.Find("unknownPrice")) ?? defaults.UnknownPrice,
            Customers = [.. Members(root.Find("customers")).Select(m => (Customer)EntityBinder.Bind(EntityKind.Customer, m.Key, m.Value))],
            Teams = [.. Members(root.Find("teams")).Select(m => (Team)EntityBinder.Bind(EntityKind.Team, m.Key, m.Value))],
            Users = [.. Members(root.Find("users")).Select(m => (User)EntityBinder.Bind(EntityKind.User, m.Key, m.Value))],
            Keys = [.. Items(root.Find("keys")).Select(Key)],
            Login = LoginBinder.Bind(root.Find("login")),
            Ledger = Ledger(root.Find("ledger")),
            Jobs = Jobs(root.Find("jobs")),
            Logging = Logging(root.Find("logging")),
            State = State(root.Find("state")),
            Events = Events(root.Find("events")),
            Secrets = Secrets(root.Find("secrets")),
            SemanticIndex = SemanticIndex(root.Find("semanticIndex")),
            Telemetry = new TelemetryConfig { MetricsEnabled = Flag(root.Find("telemetry")?.Find("metricsEnabled")) ?? true },
        };
    }

    private static ServerConfig Server(ConfigNode? node)
    {
        var defaults = new ServerConfig();
        var urls = Texts(node?.Find("urls"));
        if (Whole(node?.Find("port")) is { } port) urls = [$"http://localhost:{port}"];
        return new ServerConfig
        {
            Urls = urls.Count > 0 ? urls : defaults.Urls,
            Http2Urls = Texts(node?.Find("http2Urls")),
            DataDirectory = Text(node?.Find("dataDirectory")) ?? defaults.DataDirectory,
            TrustedProxies = [.. Texts(node?.Find("trustedProxies")).Select(Network).OfType<IPNetwork>()],
            Drain = Seconds(node?.Find("drainSeconds")) ?? defaults.Drain,
            DrainDelay = Seconds(node?.Find("drainDelaySeconds")) ?? defaults.DrainDelay,
            BatchScheduling = Text(node?.Find("scheduling")) != "normal",
        };
    }

    private static LimitsSnapshot Limits(ConfigNode? node)
    {
        var defaults = new LimitsSnapshot();
        return new LimitsSnapshot
        {
            MaxRequestBytes = Whole(node?.Find("maxRequestBytes")) ?? defaults.MaxRequestBytes,
            MaxReplyBytes = (int?)Whole(node?.Find("maxReplyBytes")) ?? defaults.MaxReplyBytes,
            MaxEventBytes = (int?)Whole(node?.Find("maxEventBytes")) ?? defaults.MaxEventBytes,
            MaxConcurrentRequests = (int?)Whole(node?.Find("maxConcurrentRequests")) ?? defaults.MaxConcurrentRequests,
            MaxQueuedRequests = (int?)Whole(node?.Find("maxQueuedRequests")) ?? defaults.MaxQueuedRequests,
            MaxQueueWait = Seconds(node?.Find("maxQueueWait")) ?? defaults.MaxQueueWait,
            AssumedMaxOutputTokens = (int?)Whole(node?.Find("assumedMaxOutputTokens")) ?? defaults.AssumedMaxOutputTokens,
            MaxBytesInFlight = Whole(node?.Find("maxBytesInFlight")) ?? defaults.MaxBytesInFlight,
        };
    }

    internal static TimeoutsConfig Timeouts(ConfigNode? node) => new()
    {
        Connect = Seconds(node?.Find("connect")),
        FirstToken = Seconds(node?.Find("firstToken")),
        Answer = Seconds(node?.Find("answer")),
        Idle = Seconds(node?.Find("idle")),
        Total = Seconds(node?.Find("total")),
        FinishGrace = Seconds(node?.Find("finishGrace")),
        KeepAliveHold = Seconds(node?.Find("keepAliveHold")),
        KeepAliveInterval = Seconds(node?.Find("keepAliveInterval")),
    };

    private static ProviderConfig Provider(string id, ConfigNode node)
    {
        var paths = new Dictionary<Operation, string?>();
        foreach (var operation in Enum.GetValues<Operation>())
        {
            if (node.Find("paths")?.Find(ProviderProfiles.PathName(operation)) is { } path) paths.Add(operation, Text(path));
        }

        return new ProviderConfig(id)
        {
            Type = Text(node.Find("type")),
            BaseUrl = Text(node.Find("baseUrl")),
            ApiKey = Reference(node.Find("apiKey")),
            Keys = CredentialBinder.Keys(node.Find("keys")),
            Credential = CredentialBinder.Credential(node.Find("credential")),
            Enabled = Flag(node.Find("enabled")) ?? true,
            Headers = [.. Members(node.Find("headers")).Where(m => m.Value.Kind == JsonValueKind.String).Select(m => KeyValuePair.Create(m.Key, m.Value.Text))],
            Timeouts = Timeouts(node.Find("timeouts")),
            Residency = Text(node.Find("residency")),
            Retention = Text(node.Find("retention")),
            MaxConcurrency = (int?)Whole(node.Find("maxConcurrency")),
            SupportsStreamUsage = Flag(node.Find("supportsStreamUsage")),
            Paths = paths,
        };
    }

    private static KeyConfig Key(ConfigNode node)
    {
        var key = (KeyEntity)EntityBinder.Bind(EntityKind.Key, Text(node.Find("id")) ?? "", node);
        var hash = Text(node.Find("hash")) is { } text ? TextRules.ParseKeyHash(text) : null;
        return new KeyConfig(key with { Hashes = hash is null ? [] : [new KeyHash(hash)] }) { Value = Reference(node.Find("value")) };
    }

    private static LedgerConfig Ledger(ConfigNode? node)
    {
        var defaults = new LedgerConfig();
        return new LedgerConfig
        {
            FsyncAlways = Text(node?.Find("fsync")) == "always",
            Interval = Whole(node?.Find("intervalMs")) is { } ms ? TimeSpan.FromMilliseconds(ms) : defaults.Interval,
            SegmentMiB = (int?)Whole(node?.Find("segmentMiB")) ?? defaults.SegmentMiB,
            KeepDays = (int?)Whole(node?.Find("keepDays")),
        };
    }

    private static JobsConfig Jobs(ConfigNode? node)
    {
        var defaults = new JobsConfig();
        return new JobsConfig
        {
            InProcess = Text(node?.Find("host")) != "functions",
            StalePriceDays = (int?)Whole(node?.Find("stalePriceDays")) ?? defaults.StalePriceDays,
            ProbeSeconds = (int?)Whole(node?.Find("probeSeconds")) ?? defaults.ProbeSeconds,
        };
    }

    private static StateConfig State(ConfigNode? node)
    {
        var defaults = new StateConfig();
        return new StateConfig
        {
            IsDapr = Text(node?.Find("store")) == "dapr",
            Component = Text(node?.Find("component")) ?? defaults.Component,
            Timeout = Seconds(node?.Find("timeoutSeconds")) ?? defaults.Timeout,
        };
    }

    private static EventsConfig Events(ConfigNode? node) =>
        new() { IsDapr = Text(node?.Find("bus")) == "dapr", Component = Text(node?.Find("component")) ?? new EventsConfig().Component };

    private static SecretsConfig Secrets(ConfigNode? node)
    {
        var defaults = new SecretsConfig();
        return new SecretsConfig
        {
            IsDapr = Text(node?.Find("vault")) == "dapr",
            Store = Text(node?.Find("store")) ?? defaults.Store,
            File = Text(node?.Find("file")),
            Refresh = Seconds(node?.Find("refreshSeconds")) ?? defaults.Refresh,
        };
    }

    private static SemanticIndexConfig SemanticIndex(ConfigNode? node)
    {
        var defaults = new SemanticIndexConfig();
        return new SemanticIndexConfig
        {
            IsQdrant = Text(node?.Find("store")) == SemanticIndexConfig.Qdrant,
            Endpoint = Uri.TryCreate(Text(node?.Find("endpoint")), UriKind.Absolute, out var endpoint) ? endpoint : null,
            ApiKey = Reference(node?.Find("apiKey")),
            Collection = Text(node?.Find("collection")) ?? defaults.Collection,
            Dimensions = (int?)Whole(node?.Find("dimensions")) ?? defaults.Dimensions,
        };
    }

    private static LoggingConfig Logging(ConfigNode? node) => new()
    {
        Level = Enum.TryParse<LogLevel>(Text(node?.Find("level")), ignoreCase: true, out var level) ? level : LogLevel.Information,
        Json = Text(node?.Find("format")) != "text",
    };

    internal static UnknownPricePolicy? Policy(ConfigNode? node) => Text(node) switch
    {
        "ceiling" => UnknownPricePolicy.Ceiling,
        "fail" => UnknownPricePolicy.Fail,
        _ => null,
    };

    private static IPNetwork? Network(string text) => NetworkText.Read(text, out var network) is null ? network : null;

    private static SecretReference? Reference(ConfigNode? node) => Text(node) is { } text ? SecretReference.Parse(text) : null;

    internal static string? Text(ConfigNode? node) => node is { Kind: JsonValueKind.String } ? node.Text : null;

    internal static bool? Flag(ConfigNode? node) => node?.Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    // Out of range counts as not written: it is already reported, and it must not overflow on the way here.
    internal static long? Whole(ConfigNode? node) =>
        NumberShape.Read(node) is { } value and >= 0 and <= int.MaxValue * 1024m && decimal.IsInteger(value) ? (long)value : null;

    internal static TimeSpan? Seconds(ConfigNode? node) =>
        NumberShape.Read(node) is { } value and >= 0 and <= 86_400 ? TimeSpan.FromTicks((long)(value * TimeSpan.TicksPerSecond)) : null;

    internal static List<string> Texts(ConfigNode? node) => [.. Items(node).Select(Text).OfType<string>()];

    internal static IReadOnlyList<ConfigNode> Items(ConfigNode? node) => node?.Items ?? [];

    private static IReadOnlyList<KeyValuePair<string, ConfigNode>> Members(ConfigNode? node) => node?.Members ?? [];
}
