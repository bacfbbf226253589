using Gateway.Configuration;
using Gateway.Events;
using Gateway.Events.Embedded;
using Gateway.Jobs;
using Gateway.Jobs.Usage;

namespace GatewayApi.Hosting;

/// <summary>Begins and ends what is done outside requests: publishing usage, summing it up, and the jobs.</summary>
internal sealed class JobHost(
    GatewayConfig config, IEventBus bus, UsageConsumer consumer, UsagePublisher publisher, JobScheduler scheduler) : IHostedService
{
    private IAsyncDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Where the bus ends in this process, the publisher hands over to the consumer itself.
        if (config.Jobs.InProcess && bus is not InProcessEventBus)
            _subscription = bus.Subscribe(Topics.Usage, consumer.HandleAsync);
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
