using Gateway.Metering;
using Gateway.Routing;
using Gateway.Routing.Strategies;
using Xunit.Abstractions;

namespace Gateway.Tests.Routing.Strategies;

/// <summary>No strategy starves a target that has recovered: each gives it requests again, within a bounded number of them.</summary>
public class RecoveryTests(ITestOutputHelper output)
{
    private const int Bound = 4 * LowestLatencyStrategy.ExploreEvery;

    public static TheoryData<string> Names => [.. TargetStrategies.All.Select(s => s.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Choose_TargetThatHadFailed_IsChosenAgainWithinABound(string name)
    {
        var time = StrategyRig.Clock();
        // The first is the one that order, price and reservation prefer; where nothing is preferred it is one of four.
        TargetSnapshot[] targets = [.. new[] { "a", "b", "c", "d" }.Select((m, i) => StrategyRig.Target(m, time, price: new ModelPrice("t", 1 + i, 1 + i)))];
        var rig = new StrategyRig(name, targets);
        var recovered = targets[0];
        for (var i = 0; i < 200; i++)
            Serve(rig, time, _ => 0.3);
        recovered.State.CoolDown(TimeSpan.FromSeconds(30));
        RateHeadroomTests.Tell(recovered, (100, 0), (10_000, 0), "30s");
        for (var i = 0; i < 100; i++)
            Assert.NotSame(recovered, Serve(rig, time, _ => 0.3));
        time.Advance(TimeSpan.FromSeconds(31));
        var requests = 1;
        while (Serve(rig, time, _ => 0.3, affinity: name == "hash" ? (ulong)requests : 0) != recovered)
            Assert.True(++requests <= Bound, $"{name} has not chosen it in {Bound} requests.");
        output.WriteLine($"{name}: request {requests}");
    }

    [Theory]
    [InlineData("lowest_latency")]
    [InlineData("least_in_flight")]
    public void Choose_TargetThatWasSlow_IsAnEqualAgain(string name)
    {
        var time = StrategyRig.Clock();
        var rig = new StrategyRig(name, StrategyRig.Several(time, "a", "b", "c"));
        var isSlow = true;
        for (var i = 0; i < 500; i++)
            Serve(rig, time, t => isSlow && t == rig.Targets[0] ? 5 : 0.3);
        isSlow = false;
        time.Advance(TimeSpan.FromSeconds(6));
        var counts = new int[2];
        for (var i = 0; i < 1_000; i++)
        {
            if (Serve(rig, time, _ => 0.3) == rig.Targets[0])
                counts[i / 500]++;
        }

        output.WriteLine($"{name}: {counts[0]}, then {counts[1]} of 500");
        Assert.InRange(counts[1], 100, 240);
    }

    [Fact]
    public void LowestLatency_ChosenButNeverCalled_IsChosenAgain()
    {
        var time = StrategyRig.Clock();
        var rig = new StrategyRig("lowest_latency", StrategyRig.Several(time, "a", "b"));
        for (var i = 0; i < 10; i++)
            Serve(rig, time, _ => 0.3);
        while (rig.Choose() != rig.Targets[0])
        {
            // Its place was taken, or the request could not be said on its wire: no attempt follows.
        }

        time.Advance(TimeSpan.FromSeconds(10));
        var requests = 1;
        while (Serve(rig, time, _ => 0.3) != rig.Targets[0])
            Assert.True(++requests <= Bound + 100, "It has been forgotten."); // 30 s pass in 100 requests
        Assert.Contains(rig.Targets[0], Enumerable.Range(0, 10).Select(_ => Serve(rig, time, _ => 0.3)));
    }

    /// <summary>One request from beginning to end.</summary>
    private static TargetSnapshot Serve(StrategyRig rig, Microsoft.Extensions.Time.Testing.FakeTimeProvider time, Func<TargetSnapshot, double> firstToken, ulong affinity = 0)
    {
        var target = rig.Choose(affinity);
        var attempt = StrategyRig.Enter(target);
        time.Advance(TimeSpan.FromSeconds(firstToken(target)));
        StrategyRig.Answer(attempt);
        StrategyRig.End(attempt, 0);
        return target;
    }
}
