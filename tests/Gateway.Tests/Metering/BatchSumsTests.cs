using System.Text.Json;
using CsCheck;
using Gateway.Metering;
using Gateway.State.Embedded;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Metering;

/// <summary>What is summed up while entries are inserted is what the stored entries sum up to, however they came there.</summary>
public sealed class BatchSumsTests : IDisposable
{
    private const string Shared = "a-name-longer-than-the-sixty-four-bytes-that-most-names-stay-well-below";

    private static readonly string[] Texts = ["", "a", "b", Shared, Shared + "1", Shared + "2", "é", "\"a\"", "a\0b", "a\0c", "\\" + Shared + "\n"];

    private static readonly Gen<LedgerEntry> Entries =
        from seconds in Gen.Int[0, 7_199]
        from operation in OneOf("chat", "chat", LedgerOperations.Shadow, "embeddings")
        from rule in OneOf<string?>([null, .. Texts])
        from key in OneOf([.. Texts, "rule:", "rule:a"])
        from owner in OneOf<string?>([null, null, .. Texts]).Array[3]
        from model in OneOf(Texts).Array[3]
        from attempts in Gen.Int[0, 2]
        from tokens in Gen.Int[0, 1_000].Array[2]
        from cost in Gen.Long[0, 1_000_000_000]
        select Samples.Entry(0) with
        {
            Time = Samples.Epoch.AddSeconds(seconds),
            Operation = operation,
            Outcome = (LedgerOutcome)(tokens[0] % 4),
            Estimated = tokens[0] % 5 == 0,
            Rule = rule,
            KeyId = key,
            CustomerId = owner[0],
            TeamId = owner[1],
            UserId = owner[2],
            RequestedModel = model[0],
            Provider = model[1],
            TargetModel = model[2],
            Attempts = attempts,
            Usage = new TokenUsage(tokens[0], tokens[1], 1, 2, 3, 4, 5, tokens[1]),
            CostNanoUsd = cost,
        };

    /// <summary>Few different entries, so that groups come again (right after themselves, later in the batch and in another), and neighbours that differ in one thing.</summary>
    private static readonly Gen<List<LedgerEntry>> Batches =
        from kinds in Entries.Array[1, 3]
        from chosen in Gen.Int[0, kinds.Length - 1].Array[1, 16]
        from change in Gen.Int[0, 15].Array[chosen.Length]
        select chosen.Select((kind, i) => Vary(kinds[kind], change[i])).ToList();

    private readonly TempDirectory _directory = new();
    private readonly SqliteDatabase _database;
    private int _replicas;

    public BatchSumsTests() => _database = SqliteDatabase.Open(Path.Combine(_directory.Path, "gateway.db"));

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Commit_AnyBatches_AreTheSumsOfTheEntries() =>
        (from kinds in Batches.Array[1, 3]
         from order in Gen.Int[0, kinds.Length - 1].Array[1, 5]
         from undone in Gen.Int[0, 3].Array[order.Length]
         from inherited in Gen.Int[0, 30]
         select (Batches: order.Select((kind, i) => (Entries: kinds[kind], Undone: undone[i] == 0)).ToList(), inherited)).Sample(
            c =>
            {
                var replica = $"r{++_replicas}";
                using var inserter = new LedgerInserter(_database, replica) { Inherited = c.inherited };
                Assert.Null(inserter.Recent.After(0, 1));
                var applied = 0L;
                foreach (var (entries, undone) in c.Batches)
                {
                    inserter.Begin();
                    for (var i = 0; i < entries.Count; i++)
                        inserter.Insert(applied + 1 + i, Samples.Line(entries[i] with { Replica = replica, Sequence = applied + 1 + i }));
                    if (undone)
                    {
                        // Half of a line is bound when its other half turns out not to be an entry's.
                        Assert.ThrowsAny<JsonException>(() => inserter.Insert(1, """{"replica":"other","key_id":"other","operation":null}"""u8));
                        inserter.Rollback();
                        continue;
                    }

                    inserter.Commit(applied, applied + entries.Count);
                    Assert.Equal(UsageOf(new UsageOutbox(_database).Summed(Replica(replica) with { Published = applied }, 1_000)!), UsageOf(inserter.Recent.After(applied, 1_000)!));
                    Assert.Equal(UsageOf(entries), UsageOf(inserter.Recent.After(applied, 1_000)!)[1..]);
                    applied += entries.Count;
                }

                Assert.Equal(SumsOfEntries(c.inherited), Sums());
            },
            threads: 1,
            iter: 300);

    [Fact]
    public void Insert_GroupsThatWereThere_AllocateNothing()
    {
        using var inserter = new LedgerInserter(_database, "r");
        var lines = Enumerable.Range(1, 600).Select(i => Samples.Line(Samples.Entry(i, $"key_{i / 3 % 2}") with { Replica = "r", Sequence = i })).ToList();
        inserter.Begin();
        for (var i = 0; i < 300; i++)
            inserter.Insert(i + 1, lines[i]);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 300; i < 600; i++)
            inserter.Insert(i + 1, lines[i]);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        inserter.Commit(0, 600);
        Assert.Equal(SumsOfEntries(0), Sums());
    }

    [Fact]
    public async Task FlushAsync_SumBeyondAnInteger_FailsAndGoesOnFailing()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        for (var i = 0; i < 2; i++)
            await bench.Ledger.AppendAsync(Samples.Entry(i) with { CostNanoUsd = long.MaxValue });

        for (var i = 0; i < 2; i++)
        {
            var failed = await Assert.ThrowsAsync<LedgerUnavailableException>(() => bench.Ledger.FlushAsync());
            Assert.IsType<OverflowException>(failed.InnerException);
        }
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static LedgerEntry Vary(LedgerEntry entry, int change) => change switch
    {
        0 => entry with { Time = entry.Time.AddHours(1) },
        1 => entry with { Attempts = entry.Attempts == 0 ? 1 : 0 },
        2 => entry with { Operation = LedgerOperations.Shadow },
        3 => entry with { Rule = Other(entry.Rule) },
        4 => entry with { KeyId = "key" },
        5 => entry with { CustomerId = Other(entry.CustomerId) },
        6 => entry with { TeamId = Other(entry.TeamId) },
        7 => entry with { UserId = Other(entry.UserId) },
        8 => entry with { RequestedModel = "model" },
        9 => entry with { Provider = "provider" },
        10 => entry with { TargetModel = "target" },
        11 => entry with { Usage = new TokenUsage(entry.Usage.Output + 1, entry.Usage.Input) },
        _ => entry,
    };

    private static string? Other(string? text) => text is null ? "other" : null;

    private OutboxReplica Replica(string name) => new UsageOutbox(_database).Replicas().Single(replica => replica.Replica == name);

    /// <summary>A batch with one line a series, in one order.</summary>
    private static List<string> UsageOf(SummedBatch batch) =>
        [
            $"{batch.Replica} {batch.First} {batch.Last}",
            .. batch.Lines.GroupBy(line => (line.Hour, line.Series), line => line.Sums).Select(line => $"{line.Key} {line.Aggregate((one, other) => one + other)}").Order(StringComparer.Ordinal),
        ];

    /// <summary>What the sums of entries are, said of each of them.</summary>
    private static List<string> UsageOf(List<LedgerEntry> entries) =>
        [
            .. entries.GroupBy(entry => (Hour: LedgerTime.FromMicros(LedgerTime.ToMicros(entry.Time) / LedgerTime.MicrosPerHour * LedgerTime.MicrosPerHour), Series: UsageSeries.Of(entry)), UsageSums.Of)
                .Select(line => $"{line.Key} {line.Aggregate((one, other) => one + other)}").Order(StringComparer.Ordinal),
        ];

    private List<string> Sums() =>
        SqliteRows.Read(
            _database,
            "SELECT * FROM ledger_hours WHERE replica = (SELECT max(number) FROM ledger_replicas)",
            row => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(row.GetValue))).Order(StringComparer.Ordinal).ToList();

    private List<string> SumsOfEntries(long inherited)
    {
        var replica = new UsageOutbox(_database).Replicas()[^1];
        return new UsageOutbox(_database).Unpublished(replica with { Published = 0 }, int.MaxValue).Where(entry => entry.Attempts > 0)
            .GroupBy(entry =>
            {
                var isShadow = entry.Operation == LedgerOperations.Shadow;
                return string.Join(
                    '|', LedgerTime.ToMicros(entry.Time) / LedgerTime.MicrosPerHour, replica.Number, entry.Sequence > inherited ? inherited + 1 : 0,
                    isShadow ? LedgerOperations.RuleOwner + entry.Rule : entry.KeyId, isShadow ? "" : entry.CustomerId, isShadow ? "" : entry.TeamId, isShadow ? "" : entry.UserId,
                    entry.RequestedModel, entry.Provider, entry.TargetModel);
            })
            .Select(hour => string.Join('|', hour.Key, hour.Count(), hour.Sum(entry => entry.Usage.Input + entry.Usage.Output), hour.Sum(entry => entry.CostNanoUsd)))
            .Order(StringComparer.Ordinal).ToList();
    }
}
