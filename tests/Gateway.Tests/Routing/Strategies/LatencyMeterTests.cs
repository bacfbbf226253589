using Gateway.Routing.Strategies;

namespace Gateway.Tests.Routing.Strategies;

public class LatencyMeterTests
{
    [Fact]
    public void Answered_First_IsWhatIsKnown()
    {
        var time = StrategyRig.Clock();
        var meter = new LatencyMeter(time);
        Assert.Null(meter.FirstTokenMicros);
        Assert.True(meter.At(time.GetTimestamp()) is { IsKnown: false, IsNew: true });
        meter.Answered(time.GetTimestamp(), TimeSpan.FromMilliseconds(300));
        meter.Streamed(time.GetTimestamp(), 100, TimeSpan.FromSeconds(2));
        Assert.Equal(300_000, meter.FirstTokenMicros);
        Assert.Equal(50, meter.TokensPerSecond!.Value, 3);
    }

    [Fact]
    public void Answered_SlowerForSeconds_IsNoticedWhateverTheRate()
    {
        foreach (var perSecond in new[] { 1, 10, 200 })
        {
            var time = StrategyRig.Clock();
            var meter = new LatencyMeter(time);
            for (var i = 0; i < 100 * perSecond; i++)
                Tell(300);
            for (var i = 0; i < 4 * perSecond; i++)
                Tell(3_000);
            Assert.True(meter.FirstTokenMicros > 2_000_000, $"{perSecond}: {meter.FirstTokenMicros}");

            void Tell(int milliseconds)
            {
                time.Advance(TimeSpan.FromSeconds(1.0 / perSecond));
                meter.Answered(time.GetTimestamp(), TimeSpan.FromMilliseconds(milliseconds));
            }
        }
    }

    [Fact]
    public void At_AskedAndSilent_IsAtLeastTheSilence()
    {
        var time = StrategyRig.Clock();
        var meter = new LatencyMeter(time);
        meter.Answered(time.GetTimestamp(), TimeSpan.FromMilliseconds(300));
        meter.Asked(time.GetTimestamp());
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(meter.At(time.GetTimestamp()) is { IsWaiting: true, FirstToken: >= 5_000_000 });
        meter.Unanswered(time.GetTimestamp(), TimeSpan.FromSeconds(5));
        Assert.True(meter.At(time.GetTimestamp()) is { IsWaiting: false, FirstToken: > 4_000_000 });
    }

    [Fact]
    public void Unanswered_FailedFasterThanItAnswers_TeachesNothing()
    {
        var time = StrategyRig.Clock();
        var meter = new LatencyMeter(time);
        meter.Unanswered(time.GetTimestamp(), TimeSpan.FromMilliseconds(1));
        Assert.Null(meter.FirstTokenMicros);
        meter.Answered(time.GetTimestamp(), TimeSpan.FromMilliseconds(300));
        meter.Unanswered(time.GetTimestamp(), TimeSpan.FromMilliseconds(1));
        Assert.Equal(300_000, meter.FirstTokenMicros);
    }

    [Fact]
    public void Answered_WholeAnswers_LeavesTheTimeOfTheirTokensOut()
    {
        var time = StrategyRig.Clock();
        var meter = new LatencyMeter(time);
        meter.Streamed(time.GetTimestamp(), 100, TimeSpan.FromSeconds(1));
        meter.Answered(time.GetTimestamp(), TimeSpan.FromSeconds(2.5), tokens: 200);
        Assert.InRange(meter.FirstTokenMicros!.Value, 499_000, 501_000);
    }
}
