using System.Text;
using Gateway.Budgets;

namespace Gateway.Tests.Budgets;

public class LimitValueTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 34, 22, TimeSpan.Zero);
    private static readonly long NowMs = Now.ToUnixTimeMilliseconds();
    private readonly LimitPeriod _period = LimitPeriod.At(Limits.Budget(100), Now);

    [Fact]
    public void Update_FirstReplica_GetsHalfOfWhatIsLeftAtMost()
    {
        var value = new LimitValue();
        var answer = value.Update(Slot("a"), new() { Outstanding = 0, Free = 0, Needed = 10, Least = 10, Wish = 1_000 }, 100, _period, NowMs);
        Assert.Equal(50, answer.Extra);
        Assert.Equal(50, value.Held());
    }

    [Fact]
    public void Update_NeedsMoreThanHalf_GetsWhatItNeeds() =>
        Assert.Equal(80, new LimitValue().Update(Slot("a"), new() { Outstanding = 0, Free = 0, Needed = 80, Least = 80, Wish = 1_000 }, 100, _period, NowMs).Extra);

    [Fact]
    public void Update_NotEnoughForAllWhoWait_GivesTheRestIfOneCanGo()
    {
        Assert.Equal(100, new LimitValue().Update(Slot("a"), new() { Outstanding = 0, Free = 0, Needed = 180, Least = 90 }, 100, _period, NowMs).Extra);
        Assert.Equal(0, new LimitValue().Update(Slot("a"), new() { Outstanding = 0, Free = 0, Needed = 180, Least = 101 }, 100, _period, NowMs).Extra);
    }

    [Fact]
    public void Update_LeaseTakenAwayMeanwhile_KeepsOnlyWhatIsBacked()
    {
        var value = new LimitValue();
        value.Update(Slot("a"), new() { Outstanding = 0, Free = 0, Needed = 40, Least = 40 }, 100, _period, NowMs);
        value.Find("a")!.Expires = NowMs;
        Assert.True(value.SettleOrphan("a", new Dictionary<long, long> { [0] = 5 }, NowMs));
        var answer = value.Update(Slot("a", used: 5), new() { Outstanding = 10, Free = 25 }, 100, _period, NowMs);
        Assert.Equal(0, answer.Kept);
        Assert.Equal(10, value.Held());
    }

    [Fact]
    public void Update_AmountLowered_TakesBackWhatIsTooMuch()
    {
        var value = new LimitValue();
        value.Update(Slot("a"), new() { Outstanding = 0, Free = 0, Needed = 50, Least = 50 }, 100, _period, NowMs);
        value.Update(Slot("b"), new() { Outstanding = 0, Free = 0, Needed = 40, Least = 40 }, 100, _period, NowMs);
        Assert.Equal(10, value.Update(Slot("a"), new() { Outstanding = 10, Free = 40 }, 60, _period, NowMs).Kept);
    }

    [Fact]
    public void SettleOrphan_LeaseNotExpired_ChangesNothing()
    {
        var value = new LimitValue();
        value.Update(Slot("a"), new() { Outstanding = 0, Free = 0, Needed = 50, Least = 50 }, 100, _period, NowMs);
        Assert.False(value.SettleOrphan("a", new Dictionary<long, long>(), NowMs));
        Assert.Equal(50, value.Held());
    }

    [Fact]
    public void Prune_HeldSlotOfADeadReplica_GoesWithItsLease()
    {
        var value = new LimitValue();
        value.Slots.Add(new() { Replica = "dead", Held = 3, Expires = NowMs });
        value.Slots.Add(new() { Replica = "living", Held = 3, Expires = NowMs + 1 });
        value.Prune(LimitKind.Held, LimitPeriod.At(Limits.Held(5), Now), NowMs);
        Assert.Equal("living", Assert.Single(value.Slots).Replica);
    }

    [Fact]
    public void Announce_EachPercentage_ByTheFirstToSeeIt()
    {
        var value = new LimitValue();
        value.Slots.Add(Slot("a", used: 85));
        var limit = Limits.Budget(100) with { AlertAt = [50, 80, 90] };
        value.Announce(limit, "first", exhausted: false, _period, NowMs);
        value.Announce(limit, "second", exhausted: true, _period, NowMs);
        Assert.Equal([50, 80], value.Announced.Keys);
        Assert.All(value.Announced.Values, life => Assert.Equal("first", life));
        Assert.Equal("second", value.Exhausted);
    }

    [Fact]
    public void Json_WrittenAndRead_IsTheSame()
    {
        var value = new LimitValue { Exhausted = "l2" };
        value.Announced.Add(80, "l1");
        value.Slots.Add(new() { Replica = "a", Life = "l1", Held = 7, Expires = 9, Used = { [-3] = 5, [4] = long.MaxValue } });
        value.Slots.Add(new() { Replica = "b", Life = "l2" });
        var json = LimitValueJson.Write(value);
        Assert.Equal(
            """{"replicas":{"a":{"life":"l1","used":{"-3":5,"4":9223372036854775807},"held":7,"expires":9},"b":{"life":"l2","used":{},"held":0,"expires":0}},"announced":{"80":"l1"},"exhausted":"l2"}""",
            Encoding.UTF8.GetString(json.Span));
        Assert.Equal(json.ToArray(), LimitValueJson.Write(LimitValueJson.Read(json.Span)).ToArray());
    }

    [Fact]
    public void Read_MembersOfALaterVersion_AreSkipped()
    {
        var value = LimitValueJson.Read("""{"later":{"x":[1]},"replicas":{"a":{"more":[{}],"held":3}}}"""u8);
        Assert.Equal(3, Assert.Single(value.Slots).Held);
    }

    private static ReplicaSlot Slot(string replica, long used = 0) =>
        used == 0 ? new() { Replica = replica, Expires = NowMs + 1_000 } : new() { Replica = replica, Expires = NowMs + 1_000, Used = { [0] = used } };
}
