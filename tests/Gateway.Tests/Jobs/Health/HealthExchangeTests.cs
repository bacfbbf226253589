using Gateway.Errors;
using Gateway.Jobs.Health;
using Gateway.Routing;
using Gateway.Routing.Health;
using Gateway.Tests.Routing.Health;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Jobs.Health;

/// <summary>Two replicas over one state store.</summary>
public sealed class HealthExchangeTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryStateStore _store;
    private readonly (TargetRig Rig, HealthExchange Exchange, HealthWatch Watch) _a;
    private readonly (TargetRig Rig, HealthExchange Exchange, HealthWatch Watch) _b;

    public HealthExchangeTests()
    {
        _store = new MemoryStateStore(_time);
        (_a, _b) = (Replica("a"), Replica("b"));
    }

    [Fact]
    public async Task Circuit_ThatOpenedElsewhere_OpensHereAtTheFirstFailure()
    {
        _a.Rig.FailTimes(3);
        await RoundsAsync();
        Assert.Null(_b.Rig.Obstacle);
        _b.Rig.FailTimes(1);
        Assert.Equal((SkipReason.CircuitOpen, CircuitCause.Suspected), (_b.Rig.Obstacle, _b.Rig.Circuit.Cause));
    }

    [Fact]
    public async Task Circuit_ThatIsClosedAgainElsewhere_IsSuspectForHalfAMinuteAtMost()
    {
        _a.Rig.FailTimes(3);
        await RoundsAsync();
        _a.Rig.Time.Advance(Circuit.FirstWait);
        _a.Rig.Succeed(_a.Rig.Enter());
        await RoundsAsync();
        _time.Advance(HealthExchange.Doubt);
        await RoundsAsync();
        _b.Rig.FailTimes(2);
        Assert.Null(_b.Rig.Obstacle);
    }

    [Fact]
    public async Task CoolDown_SaidElsewhere_IsHonouredHere()
    {
        _a.Rig.Fail(_a.Rig.Enter(), ErrorKinds.UpstreamRateLimit, 429, TimeSpan.FromSeconds(30));
        await RoundsAsync();
        Assert.Equal(SkipReason.CoolingDown, _b.Rig.Obstacle);
        Assert.InRange(_b.Rig.State.CoolsFor(_time.GetTimestamp()).TotalSeconds, 28, 31);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Null(_b.Rig.Obstacle);
    }

    [Fact]
    public async Task Telling_WhileNothingChanges_WritesNothing()
    {
        await RoundsAsync();
        Assert.Equal(0, _store.Writes);
        _a.Rig.Fail(_a.Rig.Enter(), ErrorKinds.UpstreamRateLimit, 429, TimeSpan.FromSeconds(60));
        _a.Rig.FailTimes(3);
        await RoundsAsync();
        var writes = _store.Writes;
        Assert.Equal(1, writes);
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await RoundsAsync();
        }

        Assert.Equal(writes, _store.Writes);
        _time.Advance(TimeSpan.FromSeconds(60));
        await RoundsAsync();
        Assert.Equal(writes + 1, _store.Writes); // the cool-down is over
    }

    [Fact]
    public async Task Store_ThatIsAway_IsToldLater()
    {
        _store.Unavailable = true;
        _a.Rig.FailTimes(3);
        await RoundsAsync();
        _store.Unavailable = false;
        await RoundsAsync();
        _b.Rig.FailTimes(1);
        Assert.Equal(SkipReason.CircuitOpen, _b.Rig.Obstacle);
    }

    [Fact]
    public async Task Watch_ThatRuns_DoesAllOfThisByItself()
    {
        _a.Watch.Start();
        _b.Watch.Start();
        _a.Rig.FailTimes(3);
        _b.Rig.Succeed(_b.Rig.Enter());
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Written = _ => written.TrySetResult();
        _time.Advance(HealthWatch.Interval);
        await written.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await _a.Watch.DisposeAsync();
        await _b.Watch.DisposeAsync();
    }

    private async Task RoundsAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            await _a.Watch.RoundAsync(default);
            await _b.Watch.RoundAsync(default);
        }
    }

    private (TargetRig Rig, HealthExchange Exchange, HealthWatch Watch) Replica(string name)
    {
        var states = new TargetStates(_time, static () => 1);
        var exchange = new HealthExchange(_store, states, name, _time);
        return (new TargetRig("m", states, _time), exchange, new HealthWatch(exchange, new OutlierWatch(_time), () => [], _time, NullLogger<HealthWatch>.Instance));
    }
}
