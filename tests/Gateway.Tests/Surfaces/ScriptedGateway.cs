using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>A gateway in front of a scripted upstream, shared by the tests of a class.</summary>
public sealed class ScriptedGateway : IAsyncLifetime
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal GatewayHost Host { get; private set; } = null!;

    internal ScriptedUpstream Upstream { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Upstream = await ScriptedUpstream.StartAsync();
        Host = ForgottenFailures.In(await GatewayHost.StartAsync(
            Upstream,
            """
            "keys": [
              { "id": "test", "value": "env:TEST_KEY", "models": ["*"] },
              { "id": "off", "value": "env:DISABLED_KEY", "models": ["*"], "disabled": true }],
            "limits": { "maxRequestBytes": 1000000 },
            "routes": {
              "brief-first": { "targets": ["up/m"], "timeouts": { "firstToken": 0.3 } },
              "brief-total": { "targets": ["up/m"], "timeouts": { "total": 0.6 } },
              "brief-idle": { "targets": ["up/m"], "timeouts": { "idle": 0.3 } },
              "brief-grace": { "targets": ["up/m"], "timeouts": { "finishGrace": 0.3 } } }
            """));
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    /// <summary>Queues a script for the next request.</summary>
    internal ScriptedGateway Next(params Script[] scripts)
    {
        Upstream.Enqueue(scripts);
        return this;
    }

    /// <summary>The request that the upstream got last.</summary>
    internal UpstreamExchange LastExchange => Upstream.Exchanges[^1];

    /// <summary>The newest entry of the ledger.</summary>
    internal async Task<System.Text.Json.JsonElement> NewestEntryAsync() => (await Host.LedgerAsync("?limit=1"))[0];

    /// <summary>Waits until the newest entry has an outcome; for replies whose client did not wait for them.</summary>
    internal async Task<System.Text.Json.JsonElement> WaitForEntryAsync(string outcome, int after)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            var entries = await Host.LedgerAsync("?limit=1000");
            if (entries.Length > after && entries[0].GetProperty("outcome").GetString() == outcome)
                return entries[0];
        }
    }
}
