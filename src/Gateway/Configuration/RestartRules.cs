using Gateway.Configuration.Login;

namespace Gateway.Configuration;

/// <summary>Finds changes that a running gateway cannot take up.</summary>
internal static class RestartRules
{
    /// <summary>Reports each setting that differs and is only read at start.</summary>
    /// <param name="started">What the process was started with.</param>
    /// <param name="next">What the file says now.</param>
    public static IEnumerable<ConfigProblem> Check(GatewayConfig started, GatewayConfig next)
    {
        if (!started.Server.Urls.SequenceEqual(next.Server.Urls)) yield return NeedsRestart("$.server.urls");
        if (!started.Server.Http2Urls.SequenceEqual(next.Server.Http2Urls)) yield return NeedsRestart("$.server.http2Urls");
        if (!started.Server.TrustedProxies.SequenceEqual(next.Server.TrustedProxies)) yield return NeedsRestart("$.server.trustedProxies");
        if (started.Server.DataDirectory != next.Server.DataDirectory) yield return NeedsRestart("$.server.dataDirectory");
        if (started.Server.Drain != next.Server.Drain) yield return NeedsRestart("$.server.drainSeconds");
        if (started.Server.DrainDelay != next.Server.DrainDelay) yield return NeedsRestart("$.server.drainDelaySeconds");
        if (started.Server.BatchScheduling != next.Server.BatchScheduling) yield return NeedsRestart("$.server.scheduling");
        foreach (var path in LoginRules.NeedingRestart(started.Login, next.Login)) yield return NeedsRestart(path);
        if (started.Ledger != next.Ledger) yield return NeedsRestart("$.ledger");
        if (started.Jobs != next.Jobs) yield return NeedsRestart("$.jobs");
        if (started.State != next.State) yield return NeedsRestart("$.state");
        if (started.Events != next.Events) yield return NeedsRestart("$.events");
        if (started.Secrets != next.Secrets) yield return NeedsRestart("$.secrets");
        if (started.SemanticIndex != next.SemanticIndex) yield return NeedsRestart("$.semanticIndex");
        if (started.Logging != next.Logging) yield return NeedsRestart("$.logging");
        if (started.Telemetry != next.Telemetry) yield return NeedsRestart("$.telemetry");
    }

    private static ConfigProblem NeedsRestart(string path) =>
        new(path, "needs a restart to change; restart the gateway, or undo this change so that the others can be taken up");
}
