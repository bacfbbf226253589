using System.Globalization;
using Gateway.Configuration.Entities;
using Gateway.Configuration.Login;
using Gateway.Configuration.Routes;
using Gateway.Configuration.Rules;
using Gateway.Protocol;
using Gateway.Providers.Profiles;
using Gateway.Transport;

namespace Gateway.Configuration.Settings;

/// <summary>Every setting of gateway.json: the one table that the reader, the JSON schema and the environment overrides share.</summary>
internal static class GatewaySettings
{
    private static readonly GatewayConfig Defaults = new();
    private static readonly TimeoutPolicy DefaultTimeouts = new();

    /// <summary>The whole file.</summary>
    public static ObjectShape Root { get; } = new(
        new Setting("$schema", new TextShape(TextRules.Text), "Where editors find the schema of this file. The gateway itself does not read it."),
        new Setting("server", Server(), "Where the gateway listens and keeps its data. Changes need a restart."),
        new Setting("limits", Limits(), "Process-wide bounds. What exceeds them is refused, never queued without end."),
        new Setting("timeouts", Timeouts(withDefaults: true), "How long to wait for providers, in seconds. A provider or a route may have its own."),
        new Setting("providers", new MapShape(TextRules.Id, Provider()) { KnownNames = static () => ProviderProfiles.All.Select(p => p.Id) }, "Providers by id, in order of preference. Providers whose conventional environment variables are set need not be listed."),
        new Setting("simulator", Simulator(), "The built-in provider that answers without any network or key."),
        new Setting("routes", new MapShape(TextRules.RouteName, RouteSettings.Route()), "Names of your own for models, and where requests for them go."),
        new Setting("rules", RuleSettings.List(), "Rules for the requests of all routes and models, before those of the route."),
        new Setting("models", new MapShape(TextRules.Address, Model()), "Prices and limits by \"provider/model\", where the catalogue lacks them or yours differ. Prices replace the catalogue's price as a whole."),
        new Setting("unknownPrice", new TextShape(UnknownPrices), "What to do with a model whose price is not known: charge the provider's dearest known price, or refuse the request.") { Default = "\"ceiling\"" },
        new Setting("customers", new MapShape(EntityTextRules.Id, EntitySettings.Customer), "Customers by id. What is declared here is read-only in the admin API; others are made there."),
        new Setting("teams", new MapShape(EntityTextRules.Id, EntitySettings.Team), "Teams by id, likewise."),
        new Setting("users", new MapShape(EntityTextRules.Id, EntitySettings.User), "Users by id, likewise."),
        new Setting("keys", new ListShape(EntitySettings.DeclaredKey), "Virtual keys, likewise."),
        new Setting("login", LoginSettings.Section(), "Who may log in to the admin API, or call models with a token of their own. Without it only keys are accepted."),
        new Setting("ledger", Ledger(), "How durably replies are recorded. Changes need a restart."),
        new Setting("state", State(), "Where the state that replicas share is kept. Changes need a restart."),
        new Setting("events", Events(), "Where events go. Changes need a restart."),
        new Setting("secrets", Secrets(), "The vault in which \"secret:NAME\" is looked up. Changes need a restart."),
        new Setting("semanticIndex", SemanticIndex(), "Where vectors of requests are kept, for the semantic cache to come. Changes need a restart."),
        new Setting("jobs", Jobs(), "What is done outside requests: rollups, reconciliation, retention. Changes need a restart."),
        new Setting("logging", Logging(), "What is logged and how. Changes need a restart."),
        new Setting("telemetry", Telemetry(), "Metrics. Traces and OTLP follow the standard OTEL_* variables. Changes need a restart."));

    /// <summary>What may be done with unknown prices.</summary>
    internal static TextRule UnknownPrices => TextRule.OneOf("ceiling", "fail");

    private static ObjectShape Server() => new(
        new Setting("urls", new ListShape(new TextShape(TextRules.ListenUrl), 1), "Addresses to listen on.") { Default = "[\"http://localhost:8080\"]" },
        new Setting("port", new NumberShape(1, 65_535), "Short for urls [\"http://localhost:PORT\"]."),
        new Setting("http2Urls", new ListShape(new TextShape(TextRules.ListenUrl), 1), "More addresses, on which only HTTP/2 is spoken: without TLS the two versions cannot share one. For clients that begin with HTTP/2 on http://, such as the AWS SDK for JavaScript."),
        new Setting("dataDirectory", new TextShape(TextRules.Text), "Directory of the ledger and the key store; relative to the working directory.") { Default = $"\"{Defaults.Server.DataDirectory}\"" },
        new Setting("trustedProxies", new ListShape(new TextShape(EntityTextRules.Network), 1), "Networks of the proxies in front, whose X-Forwarded-For is believed. Default: none, so that the peer is the client."),
        new Setting("drainSeconds", new NumberShape(0, 3_600, 3), "How long a stopping gateway lets requests finish, in seconds.") { Default = Number(Defaults.Server.Drain) },
        new Setting("drainDelaySeconds", new NumberShape(0, 300, 3), "How long a stopping gateway is not ready but still takes requests, so that load balancers notice before its sockets close, in seconds. It comes before drainSeconds.") { Default = Number(Defaults.Server.DrainDelay) },
        new Setting("scheduling", new TextShape(TextRule.OneOf("batch", "normal")), "How Linux schedules the gateway's threads: batch (SCHED_BATCH) interrupts no other thread when work arrives, which saves a tenth of the processor time under load; normal leaves them as they were started, for a machine whose cores others keep busy.") { Default = "\"batch\"" })
    {
        NotBoth = ("port", "urls"),
    };

    private static ObjectShape Limits() => new(
        new Setting("maxRequestBytes", new NumberShape(1_024, 1 << 30), "Largest request body in bytes; larger is 413.") { Default = Number(Defaults.Limits.MaxRequestBytes) },
        new Setting("maxReplyBytes", new NumberShape(1_024, 1 << 30), "Largest reply that is not streamed, in bytes; larger is 502.") { Default = Number(Defaults.Limits.MaxReplyBytes) },
        new Setting("maxEventBytes", new NumberShape(1_024, 1 << 30), "Largest single event of a stream in bytes; larger interrupts the stream.") { Default = Number(Defaults.Limits.MaxEventBytes) },
        new Setting("maxConcurrentRequests", new NumberShape(1, 1_000_000), "Requests served at once; above it they wait.") { Default = Number(Defaults.Limits.MaxConcurrentRequests) },
        new Setting("maxQueuedRequests", new NumberShape(0, 1_000_000), "Requests that wait at once, of each tenant its share; above it 503 with Retry-After.") { Default = Number(Defaults.Limits.MaxQueuedRequests) },
        new Setting("maxQueueWait", new NumberShape(0, 60, 3), "How long a request waits at most, in seconds; then 503 with Retry-After.") { Default = Number(Defaults.Limits.MaxQueueWait) },
        new Setting("assumedMaxOutputTokens", new NumberShape(1, 10_000_000), "Output tokens that budgets reserve for a request that names no maximum, of a model whose own is not known.") { Default = Number(Defaults.Limits.AssumedMaxOutputTokens) },
        new Setting("maxBytesInFlight", new NumberShape(1 << 20, 1L << 40), "Bytes of request bodies held at once; above it 503 with Retry-After.") { Default = Number(Defaults.Limits.MaxBytesInFlight) });

    /// <summary>Limits on waiting.</summary>
    /// <param name="withDefaults">Whether what is not written has a default here, and not at a wider level.</param>
    internal static ObjectShape Timeouts(bool withDefaults)
    {
        return new(
            Wait("connect", "TCP and TLS connect", DefaultTimeouts.Connect),
            Wait("firstToken", "From sending a streaming request to its first content event", DefaultTimeouts.FirstToken),
            Wait("answer", "The longest silence of an answer that is not streamed, before its head and between two reads of its body", DefaultTimeouts.Answer),
            Wait("idle", "Between two reads of a stream that has begun", DefaultTimeouts.Idle),
            Wait("total", "The whole exchange, all attempts together", DefaultTimeouts.Total),
            Wait("finishGrace", "After every choice has finished, how long to wait for usage and the terminator", DefaultTimeouts.FinishGrace),
            Wait("keepAliveHold", "Silence before the reply is committed and comment keep-alives begin", DefaultTimeouts.KeepAliveHold),
            Wait("keepAliveInterval", "Between two comment keep-alives", DefaultTimeouts.KeepAliveInterval));

        Setting Wait(string name, string description, TimeSpan value) =>
            new(name, new NumberShape(0.001m, 86_400, 3), description + ", in seconds.") { Default = withDefaults ? Number(value) : null };
    }

    private static ObjectShape Provider() => new(
        new Setting("type", new TextShape(TextRules.Id), "Profile: how this kind of provider is reached. Default: the provider's id. \"openai-compatible\" for any other server of that dialect."),
        new Setting("baseUrl", new TextShape(TextRules.BaseUrl), "Base address, when it is not the profile's usual one."),
        new Setting("apiKey", new TextShape(TextRules.SecretReference), "Where the credential is kept: \"env:NAME\", \"file:PATH\" (relative to this file) or \"secret:NAME\". Default: the profile's conventional variable."),
        new Setting("keys", new ListShape(CredentialSettings.Key(), 1), "Several keys instead of one apiKey, each with a share of the requests."),
        new Setting("credential", CredentialSettings.Credential(), "What proves the gateway instead of a key."),
        new Setting("enabled", new FlagShape(), "False keeps the provider out, also when the environment would enable it.") { Default = "true" },
        new Setting("headers", new MapShape(TextRules.HeaderName, new TextShape(TextRules.HeaderValue)), "Headers sent on every call. A value may be \"env:NAME\", \"file:PATH\" or \"secret:NAME\"."),
        new Setting("timeouts", Timeouts(withDefaults: false), "Limits on waiting for this provider, in seconds. Default: the common ones."),
        new Setting("residency", new TextShape(TextRules.Id), "Where it processes and keeps data, in a word of yours such as \"eu\". Default: not known, which no data policy allows."),
        new Setting("retention", new TextShape(TextRules.Id), "How long it keeps data, in a word of yours such as \"none\" or \"30d\". Default: not known, likewise."),
        new Setting("maxConcurrency", new NumberShape(1, 1_000_000), "Calls of this provider in flight at once, in each replica. Default: no limit of its own."),
        new Setting("supportsStreamUsage", new FlagShape(), "Whether the provider accepts stream_options.include_usage. Default: the profile's."),
        new Setting("paths", new ObjectShape([.. Enum.GetValues<Operation>().Select(PathSetting)]), "Paths of operations where they differ from the profile's."))
    {
        NotBoth = ("keys", "apiKey"),
    };

    private static Setting PathSetting(Operation operation) => new(
        ProviderProfiles.PathName(operation),
        new TextShape(TextRules.UrlPath, nullable: true),
        "Path (and query) under the base address, with {model} for the model where the wire wants it there; null when the provider has no such operation. Default: the profile's.");

    private static ObjectShape Simulator() => new(
        new Setting("enabled", new FlagShape(), "Default: true when no other provider is enabled, otherwise false."));

    private static ObjectShape Model()
    {
        return new(
            Usd("inputPerMtok", "input tokens", "Needed with any other price"),
            Usd("outputPerMtok", "output tokens", "Needed with any other price, except for embeddings"),
            Usd("cachedInputPerMtok", "input tokens read from the provider's cache", "Default: as input"),
            Usd("cacheWritePerMtok", "input tokens written to the provider's cache", "Default: as input"),
            Usd("reasoningPerMtok", "reasoning tokens", "Default: as output"),
            Usd("audioInputPerMtok", "audio input tokens", "Default: as input"),
            Usd("audioOutputPerMtok", "audio output tokens", "Default: as output"),
            new Setting("mode", new TextShape(TextRule.OneOf("chat", "completion", "embedding")), "What the model does. Default: what the catalogue says, otherwise chat."),
            new Setting("contextWindow", new NumberShape(1, int.MaxValue), "Largest input plus output in tokens."),
            new Setting("maxOutput", new NumberShape(1, int.MaxValue), "Largest output in tokens."));

        static Setting Usd(string name, string tokens, string note) =>
            new(name, new NumberShape(0, 1_000_000, 9), $"USD per million {tokens}. {note}.");
    }

    private static ObjectShape Ledger() => new(
        new Setting("fsync", new TextShape(TextRule.OneOf("interval", "always")), "When entries are forced to disk: at intervals, or before each reply ends.") { Default = "\"interval\"" },
        new Setting("intervalMs", new NumberShape(1, 10_000), "Between two forced writes in milliseconds: what a machine crash can lose.") { Default = Number(Defaults.Ledger.Interval.TotalMilliseconds) },
        new Setting("segmentMiB", new NumberShape(1, 1_024), "Size at which a new spool file is begun, in MiB.") { Default = Number(Defaults.Ledger.SegmentMiB) },
        new Setting("keepDays", new NumberShape(40, 36_500), "For how many days entries are kept in the database; they go once they have been published. Default: for ever."));

    private static ObjectShape Jobs() => new(
        new Setting("host", new TextShape(TextRule.OneOf("process", "functions")), "Who runs jobs and sums up usage: the gateway's own processes, each job in one of them at a time, or Functions.") { Default = "\"process\"" },
        new Setting("stalePriceDays", new NumberShape(1, 3_650), "From which age on the catalogue's prices are reported as old, in days.") { Default = Number(Defaults.Jobs.StalePriceDays) },
        new Setting("probeSeconds", new NumberShape(0, 3_600), "Between two probes of each provider in seconds: a GET of its list of models with its first key. 0: providers are not probed.") { Default = Number(Defaults.Jobs.ProbeSeconds) });

    private static ObjectShape State() => new(
        new Setting("store", new TextShape(TextRule.OneOf("embedded", "dapr")), "The database in the data directory, for one replica; or a Dapr state component, reached through the sidecar that DAPR_GRPC_PORT and DAPR_HTTP_PORT name.") { Default = "\"embedded\"" },
        new Setting("component", new TextShape(TextRules.Text), $"Name of the Dapr component. Default: {Defaults.State.Component}."),
        new Setting("timeoutSeconds", new NumberShape(0.1m, 60, 3), $"How long one call of the sidecar may take, in seconds. Default: {Number(Defaults.State.Timeout)}."));

    private static ObjectShape Events() => new(
        new Setting("bus", new TextShape(TextRule.OneOf("embedded", "dapr")), "Within this process, or a Dapr pub/sub component.") { Default = "\"embedded\"" },
        new Setting("component", new TextShape(TextRules.Text), $"Name of the Dapr component. Default: {Defaults.Events.Component}."));

    private static ObjectShape Secrets() => new(
        new Setting("vault", new TextShape(TextRule.OneOf("file", "dapr")), "A JSON file of the gateway's own, or a Dapr secret store.") { Default = "\"file\"" },
        new Setting("store", new TextShape(TextRules.Text), $"Name of the Dapr component. Default: {Defaults.Secrets.Store}."),
        new Setting("file", new TextShape(TextRules.Text), "The file, relative to this one; only its owner may be able to use it. Default: secrets.json in the data directory."),
        new Setting("refreshSeconds", new NumberShape(1, 86_400, 3), "Between two readings of every secret in use, in seconds. One that a provider refuses is read again at once.") { Default = Number(Defaults.Secrets.Refresh) });

    private static ObjectShape SemanticIndex() => new(
        new Setting("store", new TextShape(TextRule.OneOf(SemanticIndexConfig.Embedded, SemanticIndexConfig.Qdrant)), "In this process's memory; or on Qdrant, shared by all replicas.") { Default = "\"embedded\"" },
        new Setting("endpoint", new TextShape(TextRules.GrpcUrl), "Where Qdrant's gRPC answers; https for TLS. Needed for Qdrant."),
        new Setting("apiKey", new TextShape(TextRules.SecretReference), "Qdrant's API key: \"env:NAME\", \"file:PATH\" or \"secret:NAME\". Default: none. Read at start."),
        new Setting("collection", new TextShape(TextRules.Id), $"How the collection's name begins; the dimensions are added. Default: {Defaults.SemanticIndex.Collection}."),
        new Setting("dimensions", new NumberShape(1, 8_192), "Dimensions of the vectors: those of the model that makes them.") { Default = Number(Defaults.SemanticIndex.Dimensions) });

    private static ObjectShape Logging() => new(
        new Setting("level", new TextShape(TextRule.OneOf("trace", "debug", "information", "warning", "error", "critical")), "The least severe messages to log.") { Default = "\"information\"" },
        new Setting("format", new TextShape(TextRule.OneOf("json", "text")), "One JSON object a line, or text for people.") { Default = "\"json\"" });

    private static ObjectShape Telemetry() => new(
        new Setting("metricsEnabled", new FlagShape(), "Whether GET /metrics answers.") { Default = "true" });

    private static string Number(TimeSpan value) => Number(value.TotalSeconds);

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
