using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Routing.Realtime;

namespace GatewayApi.Hosting;

/// <summary>
/// The ends of a shutdown that the server does not see to. Before it closes its sockets: not ready, and for a while still serving, so that
/// load balancers notice first. After it gave up on what took too long: the requests it cut are settled before the ledger closes.
/// </summary>
internal sealed class Drain(Readiness readiness, GatewayConfig config, OverloadStage requests, SessionDrain sessions, TimeProvider time) : IHostedLifecycleService
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SettleLook = TimeSpan.FromMilliseconds(10);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Drain();
        if (config.Server.DrainDelay > TimeSpan.Zero)
            await Task.Delay(config.Server.DrainDelay, time, cancellationToken);
        sessions.Begin();
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (requests.Requests > 0 && time.GetElapsedTime(began) < SettleLimit)
            await Task.Delay(SettleLook, time, CancellationToken.None);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
