using Gateway.Metering;
using Gateway.Routing.Strategies;

namespace Gateway.Tests.Routing.Strategies;

public class SimpleStrategyTests
{
    [Fact]
    public void Create_EveryName_GivesAStrategyOfThatName()
    {
        string[] names = ["priority", "weighted", "round_robin", "least_in_flight", "lowest_latency", "lowest_cost", "usage_based", "hash", "spillover"];
        Assert.Equal(names, TargetStrategies.All.Select(s => s.Key));
        Assert.All(names, name => Assert.Equal(name, TargetStrategies.Create(name)!.Name));
        Assert.Null(TargetStrategies.Create("fastest"));
        Assert.Contains(TargetStrategies.Default, names);
    }

    [Fact]
    public void RoundRobin_ThreeTargets_TakesEachInTurn()
    {
        var rig = new StrategyRig("round_robin", StrategyRig.Several(StrategyRig.Clock(), "a", "b", "c"));
        Assert.Equal([10, 10, 10], rig.Count(30));
    }

    [Fact]
    public void LeastInFlight_Busy_IsPassedOverAndTiesAreFair()
    {
        var rig = new StrategyRig("least_in_flight", StrategyRig.Several(StrategyRig.Clock(), "a", "b", "c", "d"));
        StrategyRig.Enter(rig.Targets[0]);
        var counts = rig.Count(3_000);
        Assert.Equal(0, counts[0]);
        Assert.All(counts[1..], count => Assert.InRange(count, 900, 1_100));
    }

    [Fact]
    public void LowestCost_InputOrOutputHeavy_TakesTheCheaperForThatRequest()
    {
        var time = StrategyRig.Clock();
        var cheapInput = StrategyRig.Target("in", time, price: new ModelPrice("t", 1_000, 50_000));
        var cheapOutput = StrategyRig.Target("out", time, price: new ModelPrice("t", 5_000, 10_000));
        var rig = new StrategyRig("lowest_cost", StrategyRig.Target("unknown", time), cheapInput, cheapOutput);
        Assert.Same(cheapInput, rig.Choose(input: 10_000, output: 10));
        Assert.Same(cheapOutput, rig.Choose(input: 10, output: 200));
    }

    [Fact]
    public void LowestCost_EqualPrices_TakesTheLessBusy()
    {
        var time = StrategyRig.Clock();
        var price = new ModelPrice("t", 1, 1);
        var rig = new StrategyRig("lowest_cost", StrategyRig.Target("a", time, price: price), StrategyRig.Target("b", time, price: price));
        StrategyRig.Enter(rig.Targets[0]);
        Assert.Same(rig.Targets[1], rig.Choose());
    }

    [Fact]
    public void Spillover_FirstIsBusyOrCools_SpillsAndReturns()
    {
        var time = StrategyRig.Clock();
        var rig = new StrategyRig("spillover", StrategyRig.Target("reserved", time, spillAbove: 2), StrategyRig.Target("paid", time, spillAbove: 1));
        var (reserved, paid) = (rig.Targets[0], rig.Targets[1]);
        var first = StrategyRig.Enter(rig.Choose());
        Assert.Same(reserved, first.Target);
        Assert.Same(reserved, StrategyRig.Enter(rig.Choose()).Target);
        Assert.Same(paid, StrategyRig.Enter(rig.Choose()).Target);
        Assert.Same(paid, rig.Choose()); // the last takes what nobody else does
        StrategyRig.End(first, 1);
        Assert.Same(reserved, rig.Choose());
        reserved.State.CoolDown(TimeSpan.FromSeconds(3));
        Assert.Same(paid, rig.Choose());
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Same(reserved, rig.Choose());
    }
}
