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

    protected override Task ListeningAsync()
    {
        if (!_listens)
            _sidecar.Add(new AppAddress("gateway", _gateway.BaseUri));
        _listens = true;
        return Task.CompletedTask;
    }
}
