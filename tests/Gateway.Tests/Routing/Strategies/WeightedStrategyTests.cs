using CsCheck;

namespace Gateway.Tests.Routing.Strategies;

public class WeightedStrategyTests
{
    [Fact]
    public void Choose_AnyWeights_GivesEachItsShareWithinAFewRequests() =>
        Gen.Int[0, 1_000].Array[2, 8].Where(w => w.Sum() > 0).Sample(weights =>
        {
            var time = StrategyRig.Clock();
            var rig = new StrategyRig("weighted", [.. weights.Select((w, i) => StrategyRig.Target($"m{i}", time, w))]);
            var counts = rig.Count(1_000);
            for (var i = 0; i < weights.Length; i++)
                Assert.InRange(counts[i] - (1_000.0 * weights[i] / weights.Sum()), -8, 8);
        }, iter: 200);

    [Fact]
    public void Choose_SmallShare_IsMixedInEvenly()
    {
        var time = StrategyRig.Clock();
        var rig = new StrategyRig("weighted", StrategyRig.Target("a", time, 9), StrategyRig.Target("b", time, 1));
        var longest = 0;
        var run = 0;
        for (var i = 0; i < 1_000; i++)
        {
            run = rig.Choose() == rig.Targets[0] ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        Assert.InRange(longest, 8, 13); // evenly mixed it is 9; random numbers make it 50 and more
    }

    [Fact]
    public void Choose_WeightZero_IsOnlyALastResort()
    {
        var time = StrategyRig.Clock();
        var rig = new StrategyRig("weighted", StrategyRig.Target("a", time, 0), StrategyRig.Target("b", time, 2), StrategyRig.Target("c", time, 0));
        Assert.Equal([0, 100, 0], rig.Count(100));
        rig.Targets[1].State.CoolDown(TimeSpan.FromSeconds(5));
        Assert.All(rig.Count(100), (count, i) => Assert.InRange(count, i == 1 ? 0 : 45, i == 1 ? 0 : 55));
    }
}
