using CsCheck;
using Gateway.Budgets;

namespace Gateway.Tests.Budgets;

public class LimitPeriodTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 34, 22, TimeSpan.Zero);

    [Fact]
    public void At_Calendar_HasItsStartInTheKey()
    {
        var period = LimitPeriod.At(Limits.Budget(100), Now);
        Assert.Equal("limit:team@003At1@003Amoney:NanoUsd-1Month:20261101T000000Z", period.Key);
        Assert.True(period.Ends);
        Assert.Equal(0, period.BucketOf(Now.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public void At_AnotherWindowOrUnit_HasAnotherKey()
    {
        var limit = Limits.Budget(100);
        Assert.Equal(5, new[]
        {
            limit,
            limit with { Window = new(WindowUnit.Week, 1) },
            limit with { Window = new(WindowUnit.Month, 1) { Rolling = true } },
            limit with { Unit = LimitUnit.Tokens },
            limit with { Kind = LimitKind.Held },
        }.Select(l => LimitPeriod.At(l, Now).Key).Distinct().Count());
    }

    [Fact]
    public void Counts_RollingBucket_UntilAllOfItIsOutside() =>
        Gen.Select(Gen.Int[1, 5_000], Gen.Long[0, 4_000_000_000], Gen.Int[0, 20_000_000]).Sample((seconds, startSeconds, laterMs) =>
        {
            var period = LimitPeriod.At(Limits.Rate(1, new WindowSpec(WindowUnit.Second, seconds) { Rolling = true }), Now);
            var usedMs = (startSeconds * 1_000) + (laterMs % 1_000);
            var nowMs = usedMs + laterMs;
            var counts = period.Counts(period.BucketOf(usedMs), nowMs);
            if (laterMs < seconds * 1_000L)
                Assert.True(counts);
            if (laterMs >= period.Rolling.TotalMilliseconds + period.Bucket.TotalMilliseconds)
                Assert.False(counts);
            Assert.True(period.Bucket >= TimeSpan.FromSeconds(1) && period.Bucket * 60 >= period.Rolling);
            Assert.InRange(period.BucketOf(nowMs) - period.BucketOf(nowMs - (long)period.Rolling.TotalMilliseconds) + 1, 1, 62);
        }, iter: 5_000);
}
