using Gateway.Routing;
using Gateway.Routing.Health;
using Gateway.Transport;

namespace Gateway.Tests.Routing.Health;

public class OutlierWatchTests
{
    private readonly TargetRig[] _rigs;
    private readonly RouteSnapshot[] _routes;
    private readonly OutlierWatch _watch;

    public OutlierWatchTests()
    {
        var first = new TargetRig("m-0");
        var states = new TargetStates(first.Time, static () => 1);
        _rigs = [.. Enumerable.Range(0, 4).Select(i => new TargetRig($"m-{i}", states, first.Time))];
        _routes = [new RouteSnapshot { Name = "r", Groups = [TargetGroup.InOrder([.. _rigs.Select(r => r.Target)])], Timeouts = new TimeoutPolicy() }];
        _watch = new OutlierWatch(first.Time);
    }

    [Fact]
    public void Look_AtATargetThatFailsFarMoreThanItsSiblings_TakesItOutForAWhile()
    {
        var looks = Rounds(10, target => target == 2 ? 0.4 : 0.02, _ => 100);
        Assert.Equal([_rigs[2].State], looks);
        Assert.Equal((CircuitPhase.Open, CircuitCause.Outlier), (_rigs[2].Circuit.Phase, _rigs[2].Circuit.Cause));
        _rigs[2].State.Obstacle(_rigs[2].Time.GetTimestamp(), out var wait);
        Assert.InRange(wait, TimeSpan.FromTicks(1), OutlierWatch.Absence);
        _rigs[2].Time.Advance(OutlierWatch.Absence);
        _rigs[2].Succeed(_rigs[2].Enter());
        Assert.Equal(CircuitPhase.Closed, _rigs[2].Circuit.Phase);
    }

    [Fact]
    public void Look_AtHalfOfTheSiblings_NeverTakesOutMore()
    {
        // Half fail: the median lies between, and whoever is out leaves too few to compare.
        Rounds(30, target => target < 2 ? 0.45 : 0, _ => 100);
        Assert.InRange(_rigs.Count(r => r.Circuit.Phase != CircuitPhase.Closed), 0, 2);
        foreach (var rig in _rigs[2..])
            Assert.Equal(CircuitPhase.Closed, rig.Circuit.Phase);
    }

    [Fact]
    public void Look_AtATargetThatHasBecomeSlow_TakesItOut()
    {
        Rounds(20, _ => 0, _ => 100);
        Assert.Equal([_rigs[1].State], Rounds(6, _ => 0, target => target == 1 ? 2_000 : 100));
    }

    [Fact]
    public void Look_AtATargetThatWasAlwaysSlow_LeavesIt() => Assert.Empty(Rounds(20, _ => 0, target => target == 1 ? 2_000 : 100));

    /// <summary>Seconds-long rounds of ten calls to each target that may be called, and a look after each.</summary>
    private List<TargetState> Rounds(int seconds5, Func<int, double> failing, Func<int, int> milliseconds)
    {
        var random = new Random(1);
        List<TargetState> taken = [];
        for (var second = 0; second < seconds5 * 5; second++)
        {
            for (var call = 0; call < 10; call++)
            {
                for (var target = 0; target < _rigs.Length; target++)
                {
                    if (_rigs[target].Obstacle is not null)
                        continue;
                    var attempt = _rigs[target].Enter();
                    if (random.NextDouble() < failing(target))
                    {
                        _rigs[target].Fail(attempt);
                        continue;
                    }

                    _rigs[target].State.Answered(TimeSpan.FromMilliseconds(milliseconds(target)));
                    attempt.Outcome = Gateway.Metering.LedgerOutcome.Completed;
                    _rigs[target].State.Leave(attempt);
                }
            }

            _rigs[0].Time.Advance(TimeSpan.FromSeconds(1));
            taken.AddRange(_watch.Look(_routes));
            if (taken.Count > 0)
                break;
        }

        return taken;
    }
}
