using Gateway.Events;
using Gateway.Tests.Testing;
using GatewayApi.Hosting;
using TestSidecar;

namespace Gateway.Tests.Events.Dapr;

/// <summary>The contract on Dapr: a whole gateway publishes through the sidecar and is delivered to by it.</summary>
public abstract class DaprBusContract : EventBusContract
{
    private Sidecar _sidecar = null!;
    private GatewayHost _gateway = null!;
    private bool _listens;

    private protected abstract Task<SidecarOptions> OptionsAsync();

    private protected override async Task<IEventBus> OpenAsync()
    {
        _sidecar = await Sidecar.StartAsync(await OptionsAsync() with { RedeliverAfter = TimeSpan.FromMilliseconds(10) });
        _gateway = await GatewayHost.StartAsync(
            """ "events": { "bus": "dapr" } """,
            environment: [.. SidecarClient.Variables(_sidecar.HttpAddress, _sidecar.GrpcAddress).Select(v => (v.Key, v.Value))]);
        return _gateway.Get<StatePorts>().Events;
    }

    protected override async Task CloseAsync()
    {
        await _sidecar.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    protected override Task PassRetryAsync() => Task.CompletedTask;

    // The sidecar delivers a hundred times within a second: that is not yet never.
    [Fact]
    public override async Task Handler_NeverReady_TheEventGoesToTheDeadLetters()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (tried, dead) = (0, 0);
        await using var letters = Bus.Subscribe(Topics.DeadLetters(Topic), (_, _) =>
        {
            Interlocked.Increment(ref dead);
            return Task.FromResult(EventVerdict.Done);
        });
        await using var subscription = Bus.Subscribe(Topic, (_, _) =>
        {
            if (Interlocked.Increment(ref tried) < 3 * Tries)
                return Task.FromResult(EventVerdict.Retry);
            done.TrySetResult();
            return Task.FromResult(EventVerdict.Done);
        });
        await ListeningAsync();
        await Bus.PublishAsync(Topic, [Event(1)]);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, dead);
    }

    protected override Task ListeningAsync()
    {
        if (!_listens)
            _sidecar.Add(new AppAddress("gateway", _gateway.BaseUri));
        _listens = true;
        return Task.CompletedTask;
    }
}
