using Gateway.Configuration;
using Gateway.Events;
using Gateway.Events.Embedded;
using Gateway.Jobs;
using Gateway.Jobs.Usage;

namespace GatewayApi.Hosting;

/// <summary>Begins and ends what is done outside requests: publishing usage, summing it up, and the jobs.</summary>
internal sealed class JobHost(
    GatewayConfig config, IEventBus bus, UsageConsumer consumer, UsageReceipts receipts, UsagePublisher publisher, JobScheduler scheduler) : IHostedService
{
    private IAsyncDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Events of a bus in this process reach nobody else.
        if (config.Jobs.InProcess || bus is InProcessEventBus)
            _subscription = bus.Subscribe(Topics.Usage, receipts.Around(consumer.HandleAsync));
        publisher.Start();
        scheduler.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await scheduler.DisposeAsync();
        await publisher.DisposeAsync();
        if (_subscription is not null)
            await _subscription.DisposeAsync();
    }
}
