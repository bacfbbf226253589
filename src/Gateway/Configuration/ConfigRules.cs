using System.Text.Json;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Entities;
using Gateway.Configuration.Login;
using Gateway.Configuration.Routes;
using Gateway.Configuration.Rules;
using Gateway.Providers.Profiles;
using Gateway.Transport;

namespace Gateway.Configuration;

/// <summary>Checks what several settings say together and the table of settings cannot: contradictions, duplicates and settings without effect.</summary>
internal static class ConfigRules
{
    private static readonly string Providers = JsonPath.Member(JsonPath.Root, "providers");
    private static readonly string Keys = JsonPath.Member(JsonPath.Root, "keys");

    /// <summary>Reports every broken rule.</summary>
    /// <param name="config">What could be read.</param>
    /// <param name="root">The document, to know what was written.</param>
    /// <param name="problems">Gets the problems; those already in it keep their consequences from being reported too.</param>
    public static void Check(GatewayConfig config, ConfigNode root, ProblemList problems)
    {
        CheckAddresses(config, problems);
        CheckLimits(config, problems);
        CheckTimeouts(config, root, problems);
        CheckProviders(config, problems);
        RouteRules.Check(config, root, problems);
        RuleRules.Check(config.Rules, "$.rules", problems);
        foreach (var route in config.Routes) RuleRules.Check(route.Rules, JsonPath.Member(RoutePaths.Of(route), "rules"), problems);
        CheckEntities(root, problems);
        EntityReferences.Check(config, problems);
        LoginRules.Check(config.Login, root, problems);
        CheckPorts(config, root, problems);
        if (config.Ledger.FsyncAlways && root.Find("ledger")?.Find("intervalMs") is not null)
            problems.Add("$.ledger.intervalMs", "has no effect while fsync is \"always\"; remove it, or set fsync to \"interval\"");
    }

    // A setting of the one kind that is written for the other would have no effect.
    private static void CheckPorts(GatewayConfig config, ConfigNode root, ProblemList problems)
    {
        if (!config.State.IsDapr)
        {
            NoEffect("state", "component", "store is \"embedded\"; remove it, or set store to \"dapr\"");
            NoEffect("state", "timeoutSeconds", "store is \"embedded\"; remove it, or set store to \"dapr\"");
        }

        if (!config.Events.IsDapr) NoEffect("events", "component", "bus is \"embedded\"; remove it, or set bus to \"dapr\"");
        if (config.Secrets.IsDapr) NoEffect("secrets", "file", "vault is \"dapr\"; remove it, or set vault to \"file\"");
        else NoEffect("secrets", "store", "vault is \"file\"; remove it, or set vault to \"dapr\"");

        if (!config.SemanticIndex.IsQdrant)
        {
            foreach (var name in (ReadOnlySpan<string>)["endpoint", "apiKey", "collection"])
                NoEffect("semanticIndex", name, "store is \"embedded\"; remove it, or set store to \"qdrant\"");
        }
        else if (root.Find("semanticIndex")?.Find("endpoint") is null)
        {
            problems.Add("$.semanticIndex.endpoint", "is needed for Qdrant: where its gRPC answers, such as \"http://localhost:6334\"");
        }

        void NoEffect(string section, string name, string reason)
        {
            if (root.Find(section)?.Find(name) is not null && !problems.Touches($"$.{section}"))
                problems.Add($"$.{section}.{name}", $"has no effect while {reason}");
        }
    }

    private static void CheckAddresses(GatewayConfig config, ProblemList problems)
    {
        for (var i = 0; i < config.Server.Http2Urls.Count; i++)
        {
            var url = config.Server.Http2Urls[i];
            // Port 0 is another port each time.
            if (config.Server.Urls.Contains(url, StringComparer.OrdinalIgnoreCase) && !url.EndsWith(":0", StringComparison.Ordinal))
                problems.Add(JsonPath.Item("$.server.http2Urls", i), "is also one of server.urls; without TLS an address speaks either version, so give each its own port");
        }
    }

    private static void CheckLimits(GatewayConfig config, ProblemList problems)
    {
        if (config.Limits.MaxBytesInFlight < config.Limits.MaxRequestBytes && !problems.Touches("$.limits"))
            problems.Add("$.limits.maxBytesInFlight", "is smaller than maxRequestBytes, so the largest request could never be served; raise it, or lower maxRequestBytes");
    }

    private static void CheckTimeouts(GatewayConfig config, ConfigNode root, ProblemList problems)
    {
        var common = config.Timeouts.Over(new TimeoutPolicy());
        CheckTimeouts("$.timeouts", config.Timeouts, common, problems);
        foreach (var provider in config.Providers)
            CheckTimeouts(JsonPath.Member(JsonPath.Member(Providers, provider.Id), "timeouts"), provider.Timeouts, provider.Timeouts.Over(common), problems);
        foreach (var route in config.Routes)
        {
            var target = route.Targets.FirstOrDefault()?.Provider;
            var less = config.Providers.FirstOrDefault(p => p.Id == target)?.Timeouts.Over(common) ?? common;
            CheckTimeouts(JsonPath.Member(RoutePaths.Of(route), "timeouts"), route.Timeouts, route.Timeouts.Over(less), problems);
            AttemptRules.CheckTimeouts(route, root.Find("routes")?.Find(route.Name), route.Timeouts.Over(less), problems);
        }
    }

    // Only pairs of which one is written at this level are judged here: the others are judged where they are written.
    private static void CheckTimeouts(string path, TimeoutsConfig written, TimeoutPolicy all, ProblemList problems)
    {
        if (problems.Touches(path)) return;
        NotLonger("connect", written.Connect, all.Connect);
        NotLonger("firstToken", written.FirstToken, all.FirstToken);
        NotLonger("answer", written.Answer, all.Answer);
        NotLonger("idle", written.Idle, all.Idle);
        NotLonger("finishGrace", written.FinishGrace, all.FinishGrace);
        if (written.KeepAliveInterval is not null && all.KeepAliveHold >= all.FirstToken)
        {
            problems.Add(
                JsonPath.Member(path, "keepAliveInterval"),
                "has no effect: keepAliveHold is not shorter than firstToken, so keep-alives never begin; lower keepAliveHold, or remove this");
        }

        void NotLonger(string name, TimeSpan? own, TimeSpan value)
        {
            if (own is not null && value > all.Total)
                problems.Add(JsonPath.Member(path, name), $"is longer than total ({all.Total.TotalSeconds:0.###} s) and so can never be reached; lower it, or raise total");
        }
    }

    private static void CheckProviders(GatewayConfig config, ProblemList problems)
    {
        foreach (var provider in config.Providers)
        {
            CredentialRules.Check(provider, JsonPath.Member(Providers, provider.Id), problems);
            if (provider.Id == ProviderProfiles.Simulator)
                problems.Add(JsonPath.Member(Providers, provider.Id), "is built in and cannot be declared; write \"simulator\": { \"enabled\": true } at the top instead");
        }
    }

    private static void CheckEntities(ConfigNode root, ProblemList problems)
    {
        foreach (var section in (ReadOnlySpan<string>)["customers", "teams", "users"])
        {
            foreach (var (id, node) in root.Find(section)?.Members ?? [])
                EntityRules.Check(node, JsonPath.Member(JsonPath.Member(JsonPath.Root, section), id), problems);
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        var keys = root.Find("keys")?.Items ?? [];
        for (var i = 0; i < keys.Count; i++)
        {
            var path = JsonPath.Item(Keys, i);
            EntityRules.Check(keys[i], path, problems);
            if (keys[i].Find("id") is { Kind: JsonValueKind.String } id && !ids.Add(id.Text))
                problems.Add(JsonPath.Member(path, "id"), $"is already the id of another key (\"{id.Text}\"); ids must differ");
        }
    }
}
