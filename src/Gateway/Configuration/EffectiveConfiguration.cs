using System.Text.Encodings.Web;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Admission.Directory;
using Gateway.Configuration.Entities;
using Gateway.Configuration.Login;
using Gateway.Configuration.Routes;
using Gateway.Configuration.Rules;
using Gateway.Providers.Profiles;
using Gateway.Routing;
using Gateway.Secrets;
using Gateway.Transport;

namespace Gateway.Configuration;

/// <summary>Writes what a configuration amounts to: defaults filled in, discovered providers included, secrets masked.</summary>
internal static class EffectiveConfiguration
{
    /// <summary>Writes it as indented JSON.</summary>
    public static byte[] Write(GatewayConfig config, IReadOnlyList<EffectiveProvider> providers)
    {
        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            WriteServer(json, config.Server);
            WriteLimits(json, config.Limits);
            WriteTimeouts(json, config.Timeouts.Over(new TimeoutPolicy()));
            json.WriteStartObject("providers");
            foreach (var provider in providers) WriteProvider(json, provider, config.Providers.FirstOrDefault(p => p.Id == provider.Snapshot.Id));
            json.WriteEndObject();
            json.WriteStartObject("routes");
            foreach (var route in config.Routes) WriteRoute(json, route, config, providers);
            json.WriteEndObject();
            RuleWriter.Write(json, config.Rules);
            json.WriteStartObject("models");
            foreach (var model in config.Models) WriteModel(json, model);
            json.WriteEndObject();
            json.WriteString("unknownPrice", Name(config.UnknownPrice));
            WriteEntities(json, "customers", config.Customers);
            WriteEntities(json, "teams", config.Teams);
            WriteEntities(json, "users", config.Users);
            json.WriteStartArray("keys");
            foreach (var key in config.Keys) WriteKey(json, key);
            json.WriteEndArray();
            LoginWriter.Write(json, config.Login);
            WriteRest(json, config);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteServer(Utf8JsonWriter json, ServerConfig server)
    {
        json.WriteStartObject("server");
        WriteList(json, "urls", server.Urls);
        WriteList(json, "http2Urls", server.Http2Urls);
        json.WriteString("dataDirectory", server.DataDirectory);
        WriteList(json, "trustedProxies", [.. server.TrustedProxies.Select(n => n.ToString())]);
        json.WriteNumber("drainSeconds", (decimal)server.Drain.TotalSeconds);
        json.WriteNumber("drainDelaySeconds", (decimal)server.DrainDelay.TotalSeconds);
        json.WriteString("scheduling", server.BatchScheduling ? "batch" : "normal");
        json.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter json, LimitsSnapshot limits)
    {
        json.WriteStartObject("limits");
        json.WriteNumber("maxRequestBytes", limits.MaxRequestBytes);
        json.WriteNumber("maxReplyBytes", limits.MaxReplyBytes);
        json.WriteNumber("maxEventBytes", limits.MaxEventBytes);
        json.WriteNumber("maxConcurrentRequests", limits.MaxConcurrentRequests);
        json.WriteNumber("maxQueuedRequests", limits.MaxQueuedRequests);
        json.WriteNumber("maxQueueWait", limits.MaxQueueWait.TotalSeconds);
        json.WriteNumber("assumedMaxOutputTokens", limits.AssumedMaxOutputTokens);
        json.WriteNumber("maxBytesInFlight", limits.MaxBytesInFlight);
        json.WriteEndObject();
    }

    private static void WriteTimeouts(Utf8JsonWriter json, TimeoutPolicy timeouts)
    {
        json.WriteStartObject("timeouts");
        json.WriteNumber("connect", (decimal)timeouts.Connect.TotalSeconds);
        json.WriteNumber("firstToken", (decimal)timeouts.FirstToken.TotalSeconds);
        json.WriteNumber("answer", (decimal)timeouts.Answer.TotalSeconds);
        json.WriteNumber("idle", (decimal)timeouts.Idle.TotalSeconds);
        json.WriteNumber("total", (decimal)timeouts.Total.TotalSeconds);
        json.WriteNumber("finishGrace", (decimal)timeouts.FinishGrace.TotalSeconds);
        json.WriteNumber("keepAliveHold", (decimal)timeouts.KeepAliveHold.TotalSeconds);
        json.WriteNumber("keepAliveInterval", (decimal)timeouts.KeepAliveInterval.TotalSeconds);
        json.WriteEndObject();
    }

    private static void WriteProvider(Utf8JsonWriter json, EffectiveProvider provider, ProviderConfig? declared)
    {
        var snapshot = provider.Snapshot;
        json.WriteStartObject(snapshot.Id);
        json.WriteString("from", provider.Source);
        json.WriteString("type", provider.Type);
        if (provider.Type != ProviderProfiles.Simulator) json.WriteString("baseUrl", provider.BaseUri.AbsoluteUri.TrimEnd('/'));
        EffectiveCredential.Write(json, provider, declared);
        if (snapshot.Residency is { } residency) json.WriteString("residency", residency);
        if (snapshot.Retention is { } retention) json.WriteString("retention", retention);
        if (snapshot.MaxConcurrency is { } most) json.WriteNumber("maxConcurrency", most);
        json.WriteBoolean("supportsStreamUsage", snapshot.SupportsStreamUsage);
        if (snapshot.ExtraHeaders.Count > 0)
        {
            json.WriteStartObject("headers");
            foreach (var (name, _) in snapshot.ExtraHeaders) json.WriteString(name, Mask(declared, name));
            json.WriteEndObject();
        }

        json.WriteStartObject("paths");
        foreach (var (operation, endpoint) in snapshot.Endpoints)
            json.WriteString(ProviderProfiles.PathName(operation), endpoint.Path);
        json.WriteEndObject();
        WriteTimeouts(json, snapshot.Timeouts);
        json.WriteEndObject();
    }

    // A header may be a credential under any name, so only where it is kept is shown.
    private static string Mask(ProviderConfig? declared, string header)
    {
        foreach (var (name, value) in declared?.Headers ?? [])
        {
            if (name == header && SecretReference.Parse(value) is { } reference) return $"{reference} (set)";
        }

        return "*** (set)";
    }

    private static void WriteRoute(Utf8JsonWriter json, RouteConfig route, GatewayConfig config, IReadOnlyList<EffectiveProvider> providers)
    {
        json.WriteStartObject(route.Name);
        RouteWriter.WriteMembers(json, route, config.UnknownPrice);
        RuleWriter.Write(json, route.Rules);
        var first = providers.First(p => p.Snapshot.Id == route.Targets.First().Provider);
        WriteTimeouts(json, route.Timeouts.Over(first.Snapshot.Timeouts));
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, ModelConfig model)
    {
        json.WriteStartObject($"{model.Provider}/{model.Model}");
        if (model.Price is { } price)
        {
            json.WriteString("priceVersion", price.Version);
            WriteUsd(json, "inputPerMtok", price.Input);
            WriteUsd(json, "outputPerMtok", price.Output);
            WriteUsd(json, "cachedInputPerMtok", price.CacheRead);
            WriteUsd(json, "cacheWritePerMtok", price.CacheWrite);
            WriteUsd(json, "reasoningPerMtok", price.Reasoning);
            WriteUsd(json, "audioInputPerMtok", price.AudioInput);
            WriteUsd(json, "audioOutputPerMtok", price.AudioOutput);
        }

        if (model.Mode is { } mode) json.WriteString("mode", mode);
        if (model.ContextWindow is { } window) json.WriteNumber("contextWindow", window);
        if (model.MaxOutput is { } output) json.WriteNumber("maxOutput", output);
        json.WriteEndObject();
    }

    private static void WriteKey(Utf8JsonWriter json, KeyConfig key)
    {
        json.WriteStartObject();
        EntityWriter.WriteMembers(json, key.Entity);
        if (key.Value is { } value) json.WriteString("value", $"{value} (set)");
        else if (key.Entity.Hashes is [var only, ..]) json.WriteString("hash", $"hmac-sha256:*** (set, mark {Mark(only.Hash)})");
        json.WriteEndObject();
    }

    // Tells hashes apart without telling them.
    private static string Mark(byte[] hash) => Convert.ToHexStringLower(SHA256.HashData(hash).AsSpan(0, 4));

    private static void WriteEntities(Utf8JsonWriter json, string section, IReadOnlyList<Entity> entities)
    {
        json.WriteStartObject(section);
        foreach (var entity in entities)
        {
            json.WriteStartObject(entity.Id);
            EntityWriter.WriteMembers(json, entity);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteRest(Utf8JsonWriter json, GatewayConfig config)
    {
        json.WriteStartObject("ledger");
        json.WriteString("fsync", config.Ledger.FsyncAlways ? "always" : "interval");
        if (!config.Ledger.FsyncAlways) json.WriteNumber("intervalMs", (long)config.Ledger.Interval.TotalMilliseconds);
        json.WriteNumber("segmentMiB", config.Ledger.SegmentMiB);
        if (config.Ledger.KeepDays is { } days) json.WriteNumber("keepDays", days);
        json.WriteEndObject();
        json.WriteStartObject("jobs");
        json.WriteString("host", config.Jobs.InProcess ? "process" : "functions");
        json.WriteNumber("stalePriceDays", config.Jobs.StalePriceDays);
        json.WriteNumber("probeSeconds", config.Jobs.ProbeSeconds);
        json.WriteEndObject();
        json.WriteStartObject("state");
        json.WriteString("store", config.State.IsDapr ? "dapr" : "embedded");
        if (config.State.IsDapr)
        {
            json.WriteString("component", config.State.Component);
            json.WriteNumber("timeoutSeconds", (decimal)config.State.Timeout.TotalSeconds);
        }

        json.WriteEndObject();
        json.WriteStartObject("events");
        json.WriteString("bus", config.Events.IsDapr ? "dapr" : "embedded");
        if (config.Events.IsDapr) json.WriteString("component", config.Events.Component);
        json.WriteEndObject();
        json.WriteStartObject("secrets");
        json.WriteString("vault", config.Secrets.IsDapr ? "dapr" : "file");
        if (config.Secrets.IsDapr) json.WriteString("store", config.Secrets.Store);
        else if (config.Secrets.File is { } file) json.WriteString("file", file);
        json.WriteNumber("refreshSeconds", (decimal)config.Secrets.Refresh.TotalSeconds);
        json.WriteEndObject();
        json.WriteStartObject("semanticIndex");
        json.WriteString("store", config.SemanticIndex.IsQdrant ? SemanticIndexConfig.Qdrant : SemanticIndexConfig.Embedded);
        if (config.SemanticIndex.IsQdrant)
        {
            json.WriteString("endpoint", config.SemanticIndex.Endpoint?.OriginalString);
            if (config.SemanticIndex.ApiKey is { } key) json.WriteString("apiKey", $"{key} (set)");
            json.WriteString("collection", config.SemanticIndex.Collection);
        }

        json.WriteNumber("dimensions", config.SemanticIndex.Dimensions);
        json.WriteEndObject();
        json.WriteStartObject("logging");
        json.WriteString("level", config.Logging.Level.ToString().ToLowerInvariant());
        json.WriteString("format", config.Logging.Json ? "json" : "text");
        json.WriteEndObject();
        json.WriteStartObject("telemetry");
        json.WriteBoolean("metricsEnabled", config.Telemetry.MetricsEnabled);
        json.WriteEndObject();
    }

    private static string Name(UnknownPricePolicy policy) => policy == UnknownPricePolicy.Fail ? "fail" : "ceiling";

    private static void WriteUsd(Utf8JsonWriter json, string name, long? nano)
    {
        if (nano is { } value) json.WriteNumber(name, value / 1_000_000_000m);
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items) json.WriteStringValue(item);
        json.WriteEndArray();
    }
}
