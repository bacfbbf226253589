using Gateway.Routing.Shadow;

namespace GatewayApi.Hosting;

/// <summary>Sends copies of requests while the gateway runs.</summary>
internal sealed class ShadowHost(ShadowRunner runner) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => runner.RunAsync(stoppingToken);
}
