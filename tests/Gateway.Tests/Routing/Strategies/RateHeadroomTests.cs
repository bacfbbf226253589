using System.Globalization;
using Gateway.Providers.Profiles;
using Gateway.Routing;

namespace Gateway.Tests.Routing.Strategies;

public class RateHeadroomTests
{
    [Fact]
    public void RequestsLeft_NothingSaid_IsNotKnown() =>
        Assert.True(double.IsNaN(StrategyRig.Target("a", StrategyRig.Clock()).State.Headroom.RequestsLeft(1, 1)));

    [Fact]
    public void RequestsLeft_AsTimeGoes_Refills()
    {
        var time = StrategyRig.Clock();
        var target = StrategyRig.Target("a", time);
        Tell(target, requests: (100, 20), tokens: (10_000, 1_000), reset: "60s");
        Assert.Equal(10, Left(target, 100), 3); // what tokens are left for
        Assert.Equal(20, Left(target, 10), 3); // what requests are left
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(60, Left(target, 10), 3);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(100, Left(target, 10), 3);
    }

    [Fact]
    public void UsageBased_KnownAndUnknown_SharesByWhatIsLeft()
    {
        var time = StrategyRig.Clock();
        var rig = new StrategyRig("usage_based", StrategyRig.Several(time, "a", "b", "c", "d"));
        Assert.All(rig.Count(400), count => Assert.InRange(count, 95, 105));
        Tell(rig.Targets[0], (1_000, 900), (1_000_000, 1_000_000), "60s");
        Tell(rig.Targets[1], (1_000, 300), (1_000_000, 1_000_000), "60s");
        Tell(rig.Targets[2], (1_000, 0), (1_000_000, 1_000_000), "60s");
        var counts = rig.Count(1_600); // the unknown one: the average, 400 of 1,600
        Assert.InRange(counts[0], 890, 910);
        Assert.InRange(counts[1], 290, 310);
        Assert.InRange(counts[2], 0, 2);
        Assert.InRange(counts[3], 390, 410);
    }

    internal static void Tell(TargetSnapshot target, (int Limit, int Left) requests, (int Limit, int Left) tokens, string reset)
    {
        using var response = new HttpResponseMessage();
        foreach (var (kind, (limit, left)) in new[] { ("requests", requests), ("tokens", tokens) })
        {
            response.Headers.Add($"x-ratelimit-limit-{kind}", limit.ToString(CultureInfo.InvariantCulture));
            response.Headers.Add($"x-ratelimit-remaining-{kind}", left.ToString(CultureInfo.InvariantCulture));
            response.Headers.Add($"x-ratelimit-reset-{kind}", reset);
        }

        target.State.Headroom.Observe(ProviderProfiles.Find("openai")!.RateLimits!, response.Headers);
    }

    private static double Left(TargetSnapshot target, long tokens) => target.State.Headroom.RequestsLeft(target.State.Time.GetTimestamp(), tokens);
}
