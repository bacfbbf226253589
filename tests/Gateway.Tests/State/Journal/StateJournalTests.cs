using System.Collections.Concurrent;
using System.Text;
using CsCheck;
using Gateway.State;
using Gateway.State.Journal;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.State.Journal;

public sealed class StateJournalTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 1, 9, 12, 44, TimeSpan.Zero));
    private readonly MemoryStateStore _store = new();

    [Fact]
    public async Task TryAppend_OneAfterAnother_GivesAChainThatReads()
    {
        var journal = Journal();
        var appended = await AppendAsync(journal, 5);
        var read = await Journal().ReadAsync(0, 100);
        Assert.Equal([1, 2, 3, 4, 5], read.Select(record => record.Sequence));
        Assert.Equal(appended.Select(record => Convert.ToHexString(record.Hash)), read.Select(record => Convert.ToHexString(record.Hash)));
        Assert.Equal(new byte[32], read[0].PreviousHash);
        Assert.Equal("""{"n":3}""", Text(read[2]));
        Assert.Equal([4, 5], (await Journal().ReadAsync(3, 100)).Select(record => record.Sequence));
        Assert.Equal([2, 3], (await Journal().ReadAsync(1, 2)).Select(record => record.Sequence));
        Assert.Empty(await Journal().ReadAsync(5, 100));
    }

    [Fact]
    public async Task TryAppend_AnotherWasFirst_IsNullAndWritesNothing()
    {
        var first = await Journal().TryAppendAsync(null, "a", "{}"u8.ToArray());
        Assert.NotNull(first);
        Assert.Null(await Journal().TryAppendAsync(null, "b", "{}"u8.ToArray()));
        Assert.NotNull(await Journal().TryAppendAsync(first, "b", "{}"u8.ToArray()));
        Assert.Equal(["a", "b"], (await Journal().ReadAsync(0, 10)).Select(record => record.Kind));
    }

    [Fact]
    public async Task TryAppend_AnswerLost_KnowsItsOwnRecord()
    {
        _store.LoseAnswersOfNext(1);
        var record = await Journal().TryAppendAsync(null, "a", "{}"u8.ToArray());
        Assert.Equal(1, record!.Sequence);
        Assert.Single(await Journal().ReadAsync(0, 10));
    }

    [Fact]
    public async Task TryAppend_SameBodyByAnotherAtTheSameInstant_OnlyOneSucceeds()
    {
        _store.LoseAnswersOfNext(1);
        var (one, two) = (await Journal().TryAppendAsync(null, "a", "{}"u8.ToArray()), await Journal().TryAppendAsync(null, "a", "{}"u8.ToArray()));
        Assert.NotNull(one);
        Assert.Null(two);
    }

    [Fact]
    public async Task TryAppend_StoreAway_SaysSo()
    {
        _store.Unavailable = true;
        await Assert.ThrowsAsync<StateUnavailableException>(() => Journal().TryAppendAsync(null, "a", "{}"u8.ToArray()));
    }

    [Fact]
    public async Task TryAppend_BodyOverSeveralLines_IsPutOnOne()
    {
        var record = await Journal().TryAppendAsync(null, "a", "{\n  \"ü\": [1.50,\r\n \"a\\nb\"] }"u8.ToArray());
        Assert.Equal("""{"ü":[1.50,"a\nb"]}""", Text(record!));
        Assert.Equal(Text(record!), Text(Assert.Single(await Journal().ReadAsync(0, 1))));
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData("with space", "{}")]
    [InlineData("a", "")]
    [InlineData("a", "{} {}")]
    [InlineData("a", "{")]
    public async Task TryAppend_NoKindOrNoJson_IsRefused(string kind, string body) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Journal().TryAppendAsync(null, kind, Encoding.UTF8.GetBytes(body)));

    [Fact]
    public async Task TryAppend_BodyTooLargeOrNotUtf8_IsRefused()
    {
        var large = Encoding.ASCII.GetBytes('"' + new string('x', JournalBody.Largest) + '"');
        await Assert.ThrowsAsync<ArgumentException>(() => Journal().TryAppendAsync(null, "a", large));
        await Assert.ThrowsAsync<ArgumentException>(() => Journal().TryAppendAsync(null, "a", new byte[] { (byte)'"', 0xFF, (byte)'"' }));
        var largest = Encoding.ASCII.GetBytes('"' + new string('x', JournalBody.Largest - 2) + '"');
        Assert.NotNull(await Journal().TryAppendAsync(null, "a", largest));
    }

    [Fact]
    public void Seal_KnownRecord_HasTheHashThatTheDocumentationDescribes()
    {
        var record = JournalSeal.Seal(1, _time.GetUtcNow(), "login", "{}"u8.ToArray(), JournalSeal.NoHash);
        var bytes = new List<byte>([0, 0, 0, 0, 0, 0, 0, 1]);
        foreach (var part in (byte[][])[Encoding.ASCII.GetBytes("2026-08-01T09:12:44.0000000Z"), "login"u8.ToArray(), new byte[32], "{}"u8.ToArray()])
            bytes.AddRange([0, 0, 0, (byte)part.Length, .. part]);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(bytes.ToArray()), record.Hash);
    }

    [Fact]
    public async Task ReadLast_WithHint_DoesNotReadFromTheBeginning()
    {
        var appended = await AppendAsync(Journal(), 200);
        var calls = _store.Calls;
        var last = await Journal().ReadLastAsync();
        Assert.Equal(appended[^1].Hash, last!.Hash);
        Assert.InRange(_store.Calls - calls, 1, 3);
        Assert.Null(await new StateJournal(_store, "empty", _time).ReadLastAsync());
    }

    [Theory]
    [InlineData("7")]
    [InlineData(null)]
    [InlineData("\"nonsense\"")]
    public async Task ReadLast_HintLagsAfterACrash_FindsTheEndAndPutsItRight(string? hint)
    {
        await AppendAsync(Journal(), 80);
        _store.Poke("j:head", hint is null ? null : Encoding.ASCII.GetBytes(hint));
        Assert.Equal(80, (await Journal().ReadLastAsync())!.Sequence);
        Assert.Equal("80", Encoding.ASCII.GetString(_store.Peek("j:head")!.Value.Span));
    }

    [Fact]
    public async Task TryAppend_HintCannotBeWritten_StillSucceeds()
    {
        _store.Faults = key => key == "j:head" ? StateFault.Unavailable : StateFault.None;
        await AppendAsync(Journal(), 3);
        _store.Faults = null;
        Assert.Equal(3, (await Journal().ReadLastAsync())!.Sequence);
    }

    [Theory]
    [InlineData("body")]
    [InlineData("kind")]
    [InlineData("moved")]
    [InlineData("garbage")]
    [InlineData("removed")]
    [InlineData("replaced")]
    public async Task Read_TamperedRecord_IsFoundAndNamed(string how)
    {
        var appended = await AppendAsync(Journal(), 9);
        var slot = _store.Peek("j:5")!.Value.ToArray();
        _store.Poke("j:5", how switch
        {
            "body" => Replace(slot, """{\"n\":5}""", """{\"n\":6}"""),
            "kind" => Replace(slot, "\"k\"", "\"l\""),
            "moved" => _store.Peek("j:6")!.Value.ToArray(),
            "garbage" => "{}"u8.ToArray(),
            "removed" => null,
            _ => new JournalSlot(JournalSeal.Seal(5, _time.GetUtcNow(), "k", "{\"n\":0}"u8.ToArray(), appended[3].Hash), "n").ToJson(),
        });
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Journal().ReadAsync(0, 100));
        Assert.Contains(how == "replaced" ? "Record 6 " : "Record 5 ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_PollingAtTheEnd_CostsOneCall()
    {
        var journal = Journal();
        await AppendAsync(journal, 10);
        var calls = _store.Calls;
        Assert.Empty(await journal.ReadAsync(10, 500));
        Assert.Equal(1, _store.Calls - calls);
    }

    /// <summary>Appenders with faults of all sorts: what was reported is there exactly once, in one gapless chain.</summary>
    [Fact]
    public async Task TryAppend_ManyAppendersAndRandomFaults_GiveOneChainWithEveryReportedRecordOnce() =>
        await Gen.Select(Gen.Int[2, 6], Gen.Int[1, 8], Gen.Int[0, 60], Gen.Int).SampleAsync(
            async (appenders, each, faultPercent, seed) =>
            {
                var store = new MemoryStateStore();
                var (random, gate) = (new Random(seed), new Lock());
                store.Faults = _ =>
                {
                    lock (gate)
                        return random.Next(100) < faultPercent ? (StateFault)random.Next(1, 4) : StateFault.None;
                };
                var reported = new ConcurrentBag<string>();
                await Task.WhenAll(Enumerable.Range(0, appenders).Select(appender => Task.Run(() => HammerAsync(store, appender, each, reported))));
                store.Faults = null;
                var records = await new StateJournal(store, "j", TimeProvider.System).ReadAsync(0, int.MaxValue);
                Assert.Equal(Enumerable.Range(1, records.Count).Select(n => (long)n), records.Select(record => record.Sequence));
                var bodies = records.Select(Text).ToList();
                Assert.Equal(bodies.Count, bodies.Distinct().Count());
                Assert.Empty(reported.Except(bodies));
                Assert.Equal(reported.Count, reported.Distinct().Count());
            },
            iter: 60);

    private static async Task HammerAsync(MemoryStateStore store, int appender, int each, ConcurrentBag<string> reported)
    {
        var journal = new StateJournal(store, "j", TimeProvider.System);
        JournalRecord? last = null;
        for (var (n, tries) = (0, 0); n < each && tries < 500; tries++)
        {
            try
            {
                var body = $$"""{"by":"{{appender}}-{{n}}-{{tries}}"}""";
                if (await journal.TryAppendAsync(last, "k", Encoding.UTF8.GetBytes(body)) is { } record)
                {
                    reported.Add(body);
                    (last, n) = (record, n + 1);
                }
                else if (await journal.ReadAsync(last?.Sequence ?? 0, 100) is { Count: > 0 } more)
                {
                    last = more[^1];
                }
            }
            catch (StateUnavailableException)
            {
                // Whether it was appended is unknown: it is not reported, and the next has a body of its own.
            }
        }
    }

    private static byte[] Replace(byte[] slot, string old, string with)
    {
        var text = Encoding.UTF8.GetString(slot);
        Assert.Contains(old, text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Replace(old, with, StringComparison.Ordinal));
    }

    private static string Text(JournalRecord record) => Encoding.UTF8.GetString(record.Body.Span);

    private static async Task<List<JournalRecord>> AppendAsync(StateJournal journal, int count)
    {
        var records = new List<JournalRecord>();
        for (var n = 1; n <= count; n++)
            records.Add((await journal.TryAppendAsync(records.LastOrDefault(), "k", Encoding.UTF8.GetBytes($$"""{"n":{{n}}}""")))!);
        return records;
    }

    private StateJournal Journal() => new(_store, "j", _time);
}
