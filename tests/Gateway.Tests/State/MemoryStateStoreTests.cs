using Gateway.State;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.State;

public sealed class MemoryStateStoreTests : StateStoreContract
{
    private readonly FakeTimeProvider _time = new();

    private protected override Task<IStateStore> OpenAsync() => Task.FromResult<IStateStore>(new MemoryStateStore(_time));

    protected override Task CloseAsync() => Task.CompletedTask;

    protected override Task ElapseAsync(TimeSpan span)
    {
        _time.Advance(span);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Faults_Scripted_BefallTheNextCalls()
    {
        var store = new MemoryStateStore(_time);
        store.ConflictNext(1);
        Assert.False(await store.TrySetAsync("a", Json("one"), null));
        Assert.True(await store.TrySetAsync("a", Json("one"), null));
        store.LoseAnswersOfNext(1);
        await Assert.ThrowsAsync<StateUnavailableException>(async () => await store.TrySetAsync("b", Json("one"), null));
        Assert.NotNull(await store.GetAsync("b"));
        store.Unavailable = true;
        await Assert.ThrowsAsync<StateUnavailableException>(async () => await store.GetAsync("b"));
        store.Unavailable = false;
        var held = store.Hold();
        var call = store.GetAsync("b").AsTask();
        await held;
        Assert.False(call.IsCompleted);
        store.Release();
        Assert.NotNull(await call);
    }
}
