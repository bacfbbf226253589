using Gateway.Routing.Affinity;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Routing.Affinity;

public class StickyTargetsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Find_OnAnotherReplica_IsFoundForAMonth()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var store = new MemoryStateStore(time);
        await using (var one = new StickyTargets(store))
        {
            one.Note(7, "azure/gpt-5");
            Assert.Equal("azure/gpt-5", await one.FindAsync([1, 7], default));
        } // what waits is written

        await using (var other = new StickyTargets(store))
        {
            Assert.Equal("azure/gpt-5", await other.FindAsync([1, 7], default));
            var calls = store.Calls;
            Assert.Equal("azure/gpt-5", await other.FindAsync([7], default));
            Assert.Equal(calls, store.Calls); // known by now
        }

        time.Advance(StickyTargets.Kept);
        await using var late = new StickyTargets(store);
        Assert.Null(await late.FindAsync([7], default));
    }

    [Fact]
    public async Task Note_StoreIsAway_IsStillKnownHere()
    {
        var store = new MemoryStateStore { Unavailable = true };
        await using var targets = new StickyTargets(store);
        targets.Note(7, "azure/gpt-5");
        Assert.Equal("azure/gpt-5", await targets.FindAsync([7], default));
        Assert.Null(await targets.FindAsync([8], default));
    }

    [Fact]
    public async Task Note_StoreHangs_NeverWaits()
    {
        var store = new MemoryStateStore();
        var held = store.Hold();
        await using var targets = new StickyTargets(store);
        for (var i = 0UL; i < 10_000; i++)
            targets.Note(i, "azure/gpt-5");
        await held.WaitAsync(Patience);
        Assert.Equal("azure/gpt-5", await targets.FindAsync([9_999], default));
        store.Release();
    }

    [Fact]
    public void RecentMap_MoreThanItsCapacity_ForgetsTheOldestAndStaysBounded()
    {
        var map = new RecentMap<int, string>(100);
        map.Set(-1, "touched");
        for (var i = 0; i < 10_000; i++)
        {
            map.Set(i, "x");
            Assert.True(map.TryGet(-1, out _));
            Assert.True(map.TryGet(Math.Max(0, i - 40), out _));
        }

        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => map.TryGet(i, out _)), 90, 400);
    }
}
