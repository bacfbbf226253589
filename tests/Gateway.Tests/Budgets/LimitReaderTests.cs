using Gateway.Budgets;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Budgets;

public class LimitReaderTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 20, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryStateStore _store = new();

    [Fact]
    public async Task Read_CalendarWindow_SumsWhatReplicasUsedAndHold()
    {
        var budget = LimitedKey.Budget(1_000);
        await WriteAsync(budget, ("a", 240, 100, 0), ("b", 1, 60, 0));

        var standing = Assert.Single(await new LimitReader(_store, _time).ReadAsync([budget]));

        Assert.Equal((241, 160, 599), (standing.Used, standing.Held, standing.Remaining));
        Assert.Equal(24.1m, standing.UsedPercent);
        Assert.Equal((new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero)), (standing.WindowStart, standing.WindowEnd));
    }

    [Fact]
    public async Task Read_RollingWindow_ReachesBackFromNow()
    {
        var budget = LimitedKey.Budget(1_000) with { Window = new WindowSpec(WindowUnit.Hour, 2) { Rolling = true } };
        var period = LimitPeriod.At(budget, _time.GetUtcNow());
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        await WriteAsync(budget, ("a", 700, 0, period.BucketOf(now - 60_000)), ("b", 50, 0, period.BucketOf(now - (3 * 3_600_000))));

        var standing = Assert.Single(await new LimitReader(_store, _time).ReadAsync([budget]));

        Assert.Equal(700, standing.Used);
        Assert.Equal((_time.GetUtcNow().AddHours(-2), _time.GetUtcNow()), (standing.WindowStart, standing.WindowEnd));
    }

    [Fact]
    public async Task Read_NeverUsedOrHeldOrNothing_HasItsOwnAnswers()
    {
        var standings = await new LimitReader(_store, _time).ReadAsync([LimitedKey.Budget(5), LimitedKey.Held(7), LimitedKey.Budget(0)]);

        Assert.Equal((5, 0m), (standings[0].Remaining, standings[0].UsedPercent));
        Assert.Equal((7, null, null), (standings[1].Remaining, standings[1].WindowStart, standings[1].WindowEnd));
        Assert.Equal((0, 100m), (standings[2].Remaining, standings[2].UsedPercent));
    }

    private async Task WriteAsync(LimitSpec limit, params (string Replica, long Used, long Held, long Bucket)[] slots)
    {
        var value = new LimitValue();
        foreach (var (replica, used, held, bucket) in slots)
        {
            var slot = new ReplicaSlot { Replica = replica, Held = held, Expires = _time.GetUtcNow().AddMinutes(1).ToUnixTimeMilliseconds() };
            slot.Used[bucket] = used;
            value.Slots.Add(slot);
        }

        await _store.SetAsync(LimitPeriod.At(limit, _time.GetUtcNow()).Key, LimitValueJson.Write(value));
    }
}
