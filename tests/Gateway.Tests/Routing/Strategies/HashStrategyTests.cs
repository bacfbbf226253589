namespace Gateway.Tests.Routing.Strategies;

public class HashStrategyTests
{
    private const int Conversations = 4_000;

    [Fact]
    public void Choose_SameAffinity_StaysAndSharesFollowWeights()
    {
        var time = StrategyRig.Clock();
        var rig = new StrategyRig("hash", StrategyRig.Target("a", time, 2), StrategyRig.Target("b", time), StrategyRig.Target("c", time), StrategyRig.Target("d", time, 0));
        var counts = new int[4];
        for (var i = 1UL; i <= Conversations; i++)
        {
            var chosen = rig.Choose(i);
            Assert.Same(chosen, rig.Choose(i));
            counts[Array.IndexOf(rig.Targets, chosen)]++;
        }

        Assert.InRange(counts[0], 1_850, 2_150);
        Assert.InRange(counts[1], 850, 1_150);
        Assert.InRange(counts[2], 850, 1_150);
        Assert.Equal(0, counts[3]);
    }

    [Fact]
    public void Choose_TargetLeaves_MovesOnlyItsOwn()
    {
        var time = StrategyRig.Clock();
        var rig = new StrategyRig("hash", StrategyRig.Several(time, "a", "b", "c", "d"));
        var before = Enumerable.Range(1, Conversations).Select(i => rig.Choose((ulong)i)).ToList();
        rig.Targets[2].State.CoolDown(TimeSpan.FromSeconds(1));
        for (var i = 1; i <= Conversations; i++)
        {
            if (before[i - 1] != rig.Targets[2])
                Assert.Same(before[i - 1], rig.Choose((ulong)i));
        }
    }

    [Fact]
    public void Choose_FarBusierThanOthers_IsPassedOver()
    {
        var rig = new StrategyRig("hash", StrategyRig.Several(StrategyRig.Clock(), "a", "b", "c", "d"));
        var preferred = rig.Choose(1);
        for (var i = 0; i < 8; i++)
        {
            Assert.Same(preferred, rig.Choose(1)); // so few are no load
            StrategyRig.Enter(preferred);
        }

        Assert.NotSame(preferred, rig.Choose(1));
        foreach (var other in rig.Targets.Where(t => t != preferred))
        {
            for (var i = 0; i < 7; i++)
                StrategyRig.Enter(other);
        }

        Assert.Same(preferred, rig.Choose(1)); // all are busy alike
    }

    [Fact]
    public void Pick_AffinityInAGroupOfAnotherStrategy_GoesBeforeTheStrategy()
    {
        var rig = new StrategyRig("round_robin", StrategyRig.Several(StrategyRig.Clock(), "a", "b", "c"));
        Assert.Single(Enumerable.Range(0, 9).Select(_ => rig.Choose(5)).Distinct());
        Assert.Equal(3, Enumerable.Range(0, 9).Select(_ => rig.Choose()).Distinct().Count());
    }
}
