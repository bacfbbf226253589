using Gateway.Configuration;
using Gateway.Jobs.Health;
using Gateway.Routing.Health;

namespace GatewayApi.Hosting;

/// <summary>Begins and ends the watch over targets, and gives them the limits that the configuration sets.</summary>
internal sealed class HealthHost(SnapshotHolder snapshots, TargetStates targets, HealthWatch watch) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        snapshots.Swapped += Limit;
        Limit(snapshots.Current);
        watch.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        snapshots.Swapped -= Limit;
        await watch.DisposeAsync();
    }

    private void Limit(GatewaySnapshot snapshot) => targets.Limit(snapshot.Models.Listed);
}
