using Gateway.State.Dapr;
using Gateway.State;
using Gateway.Tests.Testing;
using GatewayApi.Hosting;
using Microsoft.Extensions.Time.Testing;
using TestSidecar;

namespace Gateway.Tests.State.Dapr;

/// <summary>The adapter on the sidecar over memory: a strict store that rolls back.</summary>
public sealed class DaprMemoryStoreTests : StateStoreContract
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private Sidecar _sidecar = null!;
    private DaprConnection _connection = null!;

    private protected override async Task<IStateStore> OpenAsync()
    {
        _sidecar = await Sidecar.StartAsync(new SidecarOptions { Time = _time });
        _connection = SidecarClient.Connect(_sidecar);
        return SidecarClient.Store(_connection);
    }

    protected override async Task CloseAsync()
    {
        _connection.Dispose();
        await _sidecar.DisposeAsync();
    }

    protected override Task ElapseAsync(TimeSpan span)
    {
        _time.Advance(span);
        return Task.CompletedTask;
    }
}
