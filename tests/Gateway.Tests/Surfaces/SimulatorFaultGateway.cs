using Gateway.Tests.Testing;
using GatewayApi.Simulator;

namespace Gateway.Tests.Surfaces;

/// <summary>
/// A gateway that reaches one simulator as several providers, one for each kind of exchange: what a target went through for one of them must not
/// tell on the others.
/// </summary>
public sealed class SimulatorFaultGateway : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;

    internal GatewayHost Host { get; private set; } = null!;

    /// <summary>The provider of an exchange.</summary>
    internal static string ProviderOf(string path, bool stream) => path[4..].Replace('/', '-') + (stream ? "-stream" : "-whole");

    public async Task InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { TimeToFirstToken = TimeSpan.Zero, TokensPerSecond = 0, SlowFirstToken = TimeSpan.FromMilliseconds(600) }, TimeProvider.System);
        string[] names = [.. new[] { "/v1/chat/completions", "/v1/responses", "/v1/completions" }.SelectMany(path => new[] { ProviderOf(path, true), ProviderOf(path, false) })];
        var providers = names.Select(name => $$""" "{{name}}": { "type": "openai", "baseUrl": "{{_simulator.BaseUri}}", "apiKey": "env:UP_KEY" } """);
        // Only the limit that a test is about is short: two of them would race.
        var routes = names.Select(name => $$"""
            "brief-silence-{{name}}": { "targets": ["{{name}}/fault-silence"], "timeouts": { "{{FirstLimitOf(name)}}": 0.3 } },
            "brief-slow-{{name}}": { "targets": ["{{name}}/fault-slow-first-token"], "timeouts": { "{{FirstLimitOf(name)}}": 0.2 } },
            "brief-stall-{{name}}": { "targets": ["{{name}}/fault-stall"], "timeouts": { "idle": 0.4 } },
            "brief-stall-whole-{{name}}": { "targets": ["{{name}}/fault-stall"], "timeouts": { "total": 0.6 } }
            """);
        Host = await GatewayHost.StartAsync($$""" "providers": { {{string.Join(',', providers)}} }, "routes": { {{string.Join(',', routes)}} } """);
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    /// <summary>The limit on waiting for an exchange's first content.</summary>
    private static string FirstLimitOf(string provider) => provider.EndsWith("-stream", StringComparison.Ordinal) ? "firstToken" : "total";
}
