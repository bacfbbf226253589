using Gateway.Routing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Routing.Decisions;

public class DecisionLogTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Find_OfAnotherKey_IsNone()
    {
        var log = new DecisionLog(_time);
        log.Keep(Record("a", "r"));
        Assert.NotNull(log.Find("a", "r"));
        Assert.Null(log.Find("b", "r"));
        Assert.Null(log.Find("a", "q"));
    }

    [Fact]
    public void Keep_SameIdAgain_ReplacesIt()
    {
        var log = new DecisionLog(_time);
        log.Keep(Record("a", "r"));
        log.Keep(Record("b", "r"));
        var newer = Record("a", "r");
        log.Keep(newer);
        Assert.Same(newer, log.Find("a", "r"));
        Assert.Same(newer, log.FindAny("r", _ => true));
        Assert.Equal("b", log.FindAny("r", r => r.KeyId != "a")!.KeyId);
        Assert.Equal(2, log.Count);
    }

    [Fact]
    public void Keep_BusyKey_PushesOutItsOwnAlone()
    {
        var log = new DecisionLog(_time);
        log.Keep(Record("calm", "r"));
        for (var i = 0; i < 10 * DecisionLog.MaxPerKey; i++)
            log.Keep(Record("busy", $"r{i}"));
        Assert.Equal(DecisionLog.MaxPerKey + 1, log.Count);
        Assert.NotNull(log.Find("calm", "r"));
        Assert.Null(log.Find("busy", $"r{(9 * DecisionLog.MaxPerKey) - 1}"));
        Assert.NotNull(log.Find("busy", $"r{9 * DecisionLog.MaxPerKey}"));
    }

    [Fact]
    public void Keep_ManyKeys_StaysWithinItsBounds()
    {
        var log = new DecisionLog(_time);
        for (var i = 0; i < 2 * DecisionLog.MaxRecords; i++)
            log.Keep(Record($"k{i}", "r"));
        Assert.Equal(DecisionLog.MaxRecords, log.Count);
        Assert.Null(log.Find("k0", "r"));
        for (var i = 0; i < 20; i++)
            log.Keep(Record($"large{i}", "r", DecisionLog.MaxBytes / 10));
        Assert.Equal(10, log.Count);
    }

    [Fact]
    public void Find_AfterItsTime_IsNone()
    {
        var log = new DecisionLog(_time);
        log.Keep(Record("a", "old"));
        _time.Advance(DecisionLog.Age - TimeSpan.FromSeconds(1));
        log.Keep(Record("a", "new"));
        Assert.NotNull(log.Find("a", "old"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(log.Find("a", "old"));
        Assert.Equal(1, log.Count);
        _time.Advance(DecisionLog.Age);
        Assert.Equal(0, log.Count);
    }

    private static DecisionRecord Record(string key, string request, int bytes = 100) => new(request, key, null, null, new byte[bytes]);
}
