using Xunit.Abstractions;

namespace Gateway.Tests.Routing.Strategies;

/// <summary>What choosing by latency is worth, in a mix of two fast targets, two slow ones, and two that are fast but for a minute and a half.</summary>
public class LatencySimulationTests(ITestOutputHelper output)
{
    private const double Degrades = 60;
    private const double Recovers = 150;
    private const double End = 240;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 20)]
    [InlineData(3, 20)]
    [InlineData(4, 100)]
    public void LowestLatency_FastSlowAndDegradingTargets_BeatsRoundRobinByAThird(int seed, double perSecond)
    {
        var turns = Simulate("round_robin", seed, perSecond);
        var latency = Simulate("lowest_latency", seed, perSecond);
        var (before, after) = (turns.Percentile(0.95), latency.Percentile(0.95));
        output.WriteLine($"{perSecond}/s, {latency.Requests.Count} requests: p50 {turns.Percentile(0.5):0.00} → {latency.Percentile(0.5):0.00} s, p95 {before:0.00} → {after:0.00} s ({1 - (after / before):P0} less), p99 {turns.Percentile(0.99):0.00} → {latency.Percentile(0.99):0.00} s");
        Assert.True(after <= before * 0.7, $"p95 is {after:0.00} s, with round_robin {before:0.00} s.");
    }

    [Fact]
    public void LowestLatency_TargetDegrades_IsLeftWithinSecondsAndTakenBackWhenItRecovers()
    {
        var run = Simulate("lowest_latency", 5, 20);
        foreach (var target in new[] { 4, 5 })
        {
            output.WriteLine($"share of {target}: {run.Share(target, 30, Degrades):P1} before, {run.Share(target, Degrades, Degrades + 5):P1} in the first 5 s, {run.Share(target, Degrades + 5, Recovers):P1} while slow, {run.Share(target, Recovers + 30, End):P1} 30 s after it has recovered");
            Assert.True(run.Share(target, 30, Degrades) > 0.15);
            Assert.True(run.Share(target, Degrades + 5, Recovers) < 0.03);
            Assert.True(run.Share(target, Recovers + 30, End) > 0.15);
        }
    }

    private static TrafficSimulation Simulate(string strategy, int seed, double perSecond) =>
        new TrafficSimulation(strategy, seed, Fast, Fast, Slow, Slow, Degrading, Degrading).Run(perSecond, End);

    private static (double FirstToken, double TokensPerSecond) Fast(double at) => (0.3, 80);

    private static (double FirstToken, double TokensPerSecond) Slow(double at) => (1.5, 25);

    private static (double FirstToken, double TokensPerSecond) Degrading(double at) => at is >= Degrades and < Recovers ? (8, 10) : (0.3, 80);
}
