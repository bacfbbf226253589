using Gateway.State;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.State;

public sealed class MemoryStateStoreWithoutRollbackTests : StateStoreContract
{
    private readonly FakeTimeProvider _time = new();

    protected override bool RollsBack => false;

    private protected override Task<IStateStore> OpenAsync() => Task.FromResult<IStateStore>(new MemoryStateStore(_time, rollsBack: false));

    protected override Task CloseAsync() => Task.CompletedTask;

    protected override Task ElapseAsync(TimeSpan span)
    {
        _time.Advance(span);
        return Task.CompletedTask;
    }
}
