using Gateway.Tests.Testing;
using GatewayApi.Simulator;

namespace Gateway.Tests.Surfaces;

/// <summary>A gateway in front of the simulator, shared by the tests of a class.</summary>
public sealed class SimulatorGateway : IAsyncLifetime
{
    internal GatewayHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await GatewayHost.StartWithSimulatorAsync(
        simulator: new SimulatorOptions { TimeToFirstToken = TimeSpan.Zero, TokensPerSecond = 0, SlowFirstToken = TimeSpan.FromMilliseconds(600) },
        settings: """
        "keys": [
          { "id": "test", "value": "env:TEST_KEY", "models": ["*"] },
          { "id": "other", "value": "env:OTHER_KEY", "models": ["simulator/e*", "team/*"] },
          { "id": "off", "value": "env:DISABLED_KEY", "models": ["*"], "disabled": true }],
        "routes": {
          "team/echo": { "targets": ["simulator/echo"] },
          "secret/echo": { "targets": ["simulator/chat"] },
          "brief-silence": { "targets": ["simulator/fault-silence"], "timeouts": { "total": 0.6 } } }
        """);

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
