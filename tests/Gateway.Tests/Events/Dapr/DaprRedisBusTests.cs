using Gateway.Tests.Testing;
using TestSidecar;

namespace Gateway.Tests.Events.Dapr;

public sealed class DaprRedisBusTests : DaprBusContract
{
    private RedisServer _redis = null!;

    private protected override async Task<SidecarOptions> OptionsAsync()
    {
        _redis = await RedisServer.StartAsync();
        return new SidecarOptions { Store = _redis.Address };
    }

    protected override async Task CloseAsync()
    {
        await base.CloseAsync();
        await _redis.DisposeAsync();
    }
}
