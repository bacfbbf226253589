using System.Text;
using System.Text.Json;
using Gateway.Audit;
using Gateway.Events;
using Gateway.State.Journal;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Audit;

public sealed class AuditLogTests
{
    private static readonly AuditEvent Rotated = new("ann", "key.rotate", "key/ann-laptop", "ok");

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryStateStore _store = new();
    private readonly MemoryEventBus _bus = new();
    private readonly LogCollector _log = new();

    [Fact]
    public async Task Append_Event_IsInTheJournalWithAllItSays()
    {
        await using var log = Log();
        await log.AppendAsync(Rotated with { Detail = """{"overlap":"24h"}"""u8.ToArray() });
        var record = Assert.Single(await RecordsAsync());
        Assert.Equal("key.rotate", record.Kind);
        Assert.Equal("""{"actor":"ann","subject":"key/ann-laptop","outcome":"ok","detail":{"overlap":"24h"}}""", Text(record));
        Assert.Equal(_time.GetUtcNow(), record.Time);
    }

    [Fact]
    public async Task Append_ByReplicasAtOnce_RecordsEachOnce()
    {
        await using AuditLog one = Log(), two = Log();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(n => (n % 2 == 0 ? one : two).AppendAsync(Rotated with { Subject = $"key/{n}" })));
        var records = await RecordsAsync();
        Assert.Equal(40, records.Count);
        Assert.Equal(40, records.Select(Text).Distinct().Count());
    }

    [Fact]
    public async Task Append_ConflictsAndLostAnswers_RecordsOnce()
    {
        await using var log = Log();
        _store.ConflictNext(3);
        await log.AppendAsync(Rotated);
        _store.LoseAnswersOfNext(1);
        await log.AppendAsync(Rotated);
        Assert.Equal(2, (await RecordsAsync()).Count);
    }

    [Fact]
    public async Task Append_StoreAwayOrBroken_IsAnIOException()
    {
        await using var log = Log();
        await log.AppendAsync(Rotated);
        _store.Unavailable = true;
        await Assert.ThrowsAnyAsync<IOException>(() => log.AppendAsync(Rotated));
        _store.Unavailable = false;
        _store.Poke("audit:1", "{}"u8.ToArray());
        await using var restarted = Log();
        await Assert.ThrowsAnyAsync<IOException>(() => restarted.AppendAsync(Rotated));
    }

    [Fact]
    public async Task Append_DetailThatIsNoJson_IsRefused()
    {
        await using var log = Log();
        await Assert.ThrowsAsync<ArgumentException>(() => log.AppendAsync(Rotated with { Detail = """{},"actor":"bob" """u8.ToArray() }));
        Assert.Empty(await RecordsAsync());
    }

    [Fact]
    public async Task Denied_ManyOfAClass_IsOneRecordAMinute()
    {
        await using var log = Log();
        for (var i = 0; i < 1_000; i++)
            log.Denied("key_1", "budget_exceeded", "chat");
        log.Denied("key_2", "key_revoked", "chat");
        Assert.Empty(await RecordsAsync());
        _time.Advance(TimeSpan.FromMinutes(1));
        // The interval's end publishes the first anchor after the records once the loop is through.
        _time.Advance(TimeSpan.FromMinutes(10));
        await _bus.NextAsync();
        var records = await RecordsAsync();
        Assert.Equal(
            [
                """{"actor":"key_1","subject":"chat","outcome":"budget_exceeded","detail":{"count":1000}}""",
                """{"actor":"key_2","subject":"chat","outcome":"key_revoked","detail":{"count":1}}""",
            ],
            records.Select(Text).Order(StringComparer.Ordinal));
        Assert.All(records, record => Assert.Equal("denied", record.Kind));
    }

    [Fact]
    public async Task Denied_MoreClassesThanAreToldApart_AreCountedByCode()
    {
        var log = Log();
        for (var i = 0; i < 300; i++)
            log.Denied($"stranger {i}", "invalid_key", "chat");
        await log.DisposeAsync();
        var records = await RecordsAsync();
        Assert.Equal(257, records.Count);
        Assert.Single(records, record => Text(record).Contains("\"actor\":\"others\"", StringComparison.Ordinal));
        Assert.Equal(300, records.Sum(record => JsonDocument.Parse(record.Body).RootElement.GetProperty("detail").GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task Denied_StoreAway_IsKeptAndRecordedLater()
    {
        await using var log = Log();
        _store.Unavailable = true;
        log.Denied("key_1", "budget_exceeded", "chat");
        var looked = _store.Calls;
        _time.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(() => _log.Lines.Any(line => line.Contains("No anchor", StringComparison.Ordinal)));
        Assert.True(_store.Calls > looked);
        _store.Unavailable = false;
        log.Denied("key_1", "budget_exceeded", "chat");
        _time.Advance(TimeSpan.FromMinutes(10));
        await _bus.NextAsync();
        Assert.Contains("\"count\":2", Text(Assert.Single(await RecordsAsync())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anchors_AfterSoManyRecordsAndOnDispose_AreTheHeads()
    {
        var log = Log(new AuditOptions { AnchorRecords = 5 });
        for (var i = 0; i < 5; i++)
            await log.AppendAsync(Rotated);
        var (topic, happened) = await _bus.NextAsync();
        Assert.Equal(Topics.AuditAnchors, topic);
        Assert.Equal(AuditAnchor.EventType, happened.Type);
        var anchor = AuditAnchor.Parse(happened.Json);
        var records = await RecordsAsync();
        Assert.Equal(records[^1].Hash, anchor!.Hash);
        Assert.Equal(5, anchor.Sequence);
        await log.AppendAsync(Rotated);
        await log.DisposeAsync();
        Assert.Equal(6, AuditAnchor.Parse((await _bus.NextAsync()).Event.Json)!.Sequence);
        Assert.False(_bus.HasMore);
    }

    [Fact]
    public async Task Anchors_RecordsOfOthers_AreAnchoredToo()
    {
        await using var log = Log();
        await new StateJournal(_store, AuditLog.JournalName, _time).TryAppendAsync(null, "team.put", "{}"u8.ToArray());
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(1, AuditAnchor.Parse((await _bus.NextAsync()).Event.Json)!.Sequence);
    }

    [Fact]
    public async Task Anchors_BusAway_ArePublishedLater()
    {
        _bus.Unavailable = true;
        var log = Log();
        await log.AppendAsync(Rotated);
        _time.Advance(TimeSpan.FromMinutes(10));
        await UntilAsync(() => _log.Lines.Any(line => line.Contains("No anchor", StringComparison.Ordinal)));
        _bus.Unavailable = false;
        await log.DisposeAsync();
        await _bus.NextAsync();
    }

    private static string Text(JournalRecord record) => Encoding.UTF8.GetString(record.Body.Span);

    private static async Task UntilAsync(Func<bool> happened)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!happened())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private AuditLog Log(AuditOptions? options = null) => new(new StateJournal(_store, AuditLog.JournalName, _time), _bus, _time, _log, options);

    private Task<IReadOnlyList<JournalRecord>> RecordsAsync() => new StateJournal(_store, AuditLog.JournalName, _time).ReadAsync(0, 1_000);
}
