using Gateway.Errors;
using Gateway.Routing.Attempts;
using Gateway.Routing.Health;

namespace Gateway.Tests.Routing.Health;

/// <summary>Many calls at once of which some fail at once, as errors do, while answers take their time.</summary>
public class RushTests
{
    private readonly TargetRig _rig = new();

    [Fact]
    public void Rush_OfWhichAFifthFailsAtOnce_LeavesItClosed()
    {
        var calls = Rush(100);
        foreach (var call in EveryFifth(calls, fifth: true))
            _rig.Fail(call);
        Assert.Equal(CircuitPhase.Closed, _rig.Circuit.Phase);
        _rig.Time.Advance(TimeSpan.FromSeconds(2));
        foreach (var call in EveryFifth(calls, fifth: false))
            _rig.Succeed(call);
        Assert.Equal((CircuitPhase.Closed, 0L), (_rig.Circuit.Phase, _rig.Circuit.Trips));
    }

    [Fact]
    public void Rush_OfWhichAllFailAtOnce_OpensIt()
    {
        foreach (var call in Rush(100))
            _rig.Fail(call);
        Assert.Equal(CircuitPhase.Open, _rig.Circuit.Phase);
    }

    [Fact]
    public void Rush_OfWhichAllAreSilent_OpensItWithTheThirdThatGivesUp()
    {
        var calls = Rush(100);
        _rig.Time.Advance(TimeSpan.FromSeconds(10));
        foreach (var call in calls.Take(Circuit.MostConsecutive))
            _rig.Fail(call, ErrorKinds.FirstTokenTimeout);
        Assert.Equal(CircuitPhase.Open, _rig.Circuit.Phase);
    }

    [Fact]
    public void Rush_AfterAGoodTrial_IsNoRelapseWhereAFifthFails()
    {
        _rig.FailTimes(3);
        _rig.Time.Advance(Circuit.FirstWait);
        var trial = _rig.Enter();
        _rig.State.Answered(TimeSpan.Zero);
        trial.FirstContentAt = 1;
        var calls = Rush(100);
        foreach (var call in EveryFifth(calls, fifth: true))
            _rig.Fail(call);
        Assert.Equal(CircuitPhase.Closed, _rig.Circuit.Phase);
        foreach (var call in EveryFifth(calls, fifth: false))
            _rig.Fail(call);
        Assert.Equal((CircuitPhase.Open, CircuitCause.Relapse), (_rig.Circuit.Phase, _rig.Circuit.Cause));
    }

    private static IEnumerable<Attempt> EveryFifth(List<Attempt> calls, bool fifth) => calls.Where((_, i) => i % 5 == 4 == fifth);

    private List<Attempt> Rush(int count) => [.. Enumerable.Range(0, count).Select(_ => _rig.Enter())];
}
