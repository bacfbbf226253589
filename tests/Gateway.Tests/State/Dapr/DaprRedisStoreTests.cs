using Gateway.State.Dapr;
using Gateway.State;
using Gateway.Tests.Testing;
using GatewayApi.Hosting;

namespace Gateway.Tests.State.Dapr;

/// <summary>The adapter on Redis: through a real daprd with components/local where one is on PATH, otherwise through the test sidecar.</summary>
public sealed class DaprRedisStoreTests(RedisSidecar sidecar) : StateStoreContract, IClassFixture<RedisSidecar>
{
    private DaprConnection _connection = null!;

    protected override bool RollsBack => false;

    private protected override Task<IStateStore> OpenAsync()
    {
        _connection = DaprConnection.Open(sidecar.Variables);
        return Task.FromResult<IStateStore>(SidecarClient.Store(_connection));
    }

    protected override Task CloseAsync()
    {
        _connection.Dispose();
        return Task.CompletedTask;
    }

    // Redis keeps its own time.
    protected override Task ElapseAsync(TimeSpan span) => Task.Delay(span);

    [Fact]
    public async Task TrySet_WithoutETag_NeverPassesOverAValueMadeByATransaction()
    {
        Assert.True(await Store.TryTransactAsync([new StateChange(Key("made"), Json("one"))]));
        Assert.False(await Store.TrySetAsync(Key("made"), Json("two"), null));
        await Store.SetAsync(Key("made"), Json("three"));
        Assert.False(await Store.TrySetAsync(Key("made"), Json("four"), null));
    }

    [Fact]
    public async Task TrySet_ETagOfAnotherForm_IsAConflict()
    {
        await Store.SetAsync(Key("a"), Json("one"));
        Assert.False(await Store.TrySetAsync(Key("a"), Json("two"), "not-a-number"));
    }
}
