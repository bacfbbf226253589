using CsCheck;
using Gateway.Routing.Health;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Routing.Health;

public class CallWindowTests
{
    private static readonly TimeSpan Slot = CallWindow.Span / 10;

    [Fact]
    public void Sum_AgainstAListOfAllCounts_IsTheSame() =>
        Gen.Select(Gen.Int[0, 9_000], Gen.Int[0, 3], Gen.Int[0, 2]).List[0, 60].Sample(steps =>
        {
            var time = new FakeTimeProvider();
            var window = new CallWindow(time);
            List<(long Slot, int Calls, int Failures)> all = [];
            foreach (var (pause, calls, failures) in steps)
            {
                time.Advance(TimeSpan.FromMilliseconds(pause));
                window.Add(time.GetTimestamp(), calls, failures);
                all.Add((SlotOf(time), calls, failures));
            }

            var now = SlotOf(time);
            var expected = all.Where(a => now - a.Slot < 10).ToList();
            var sum = window.Sum(time.GetTimestamp());
            Assert.Equal((expected.Sum(a => a.Calls), expected.Sum(a => a.Failures)), (sum.Calls, sum.Failures));
        });

    [Fact]
    public void Add_ByManyThreads_LosesNothing()
    {
        var window = new CallWindow(new FakeTimeProvider());
        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < 5_000; i++)
                window.Add(1, 1, failures: i % 2);
        });
        Assert.Equal(new CallCounts(20_000, 10_000, 0), window.Sum(1));
    }

    private static long SlotOf(FakeTimeProvider time) => time.GetTimestamp() / (Slot.Ticks * time.TimestampFrequency / TimeSpan.TicksPerSecond);
}
