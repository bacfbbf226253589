using CsCheck;
using Gateway.Metering;
using Gateway.State.Embedded;
using Gateway.Tests.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Metering;

/// <summary>What is found by way of spans is what looking at every entry finds.</summary>
public sealed class LedgerSpansTests : IDisposable
{
    private const int Replicas = 3;

    private readonly TempDirectory _directory = new();
    private readonly SqliteDatabase _database;

    /// <summary>Several entries of a replica, or, where there are none, a deletion.</summary>
    private static readonly Gen<Step> Steps =
        from replica in Gen.Int[0, Replicas - 1]
        from entries in Entries.List[0, 12]
        from undone in Gen.Int[0, 9]
        from time in Gen.Int[-70, 70]
        from limit in Gen.Int[1, 20]
        select new Step(replica, entries, undone == 0, time, limit);

    private static readonly Gen<LedgerQuery> Queries =
        from filter in Gen.Int[0, 5].Array[9]
        from span in Gen.Int[-80, 80].Array[2]
        from limit in Gen.Int[1, 9]
        select new LedgerQuery
        {
            From = filter[0] < 2 ? At(span[0]) : null,
            To = filter[1] < 2 ? At(span[1]).AddTicks(5) : null,
            KeyId = filter[2] < 2 ? $"k{filter[2]}" : null,
            CustomerId = filter[3] == 0 ? "c1" : null,
            TeamId = filter[4] == 0 ? "t1" : null,
            Outcome = filter[5] == 0 ? LedgerOutcome.Failed : null,
            Provider = filter[6] == 0 ? "p1" : null,
            RequestId = filter[7] == 0 ? "r1" : null,
            Limit = limit,
        };

    public LedgerSpansTests() => _database = SqliteDatabase.Open(Path.Combine(_directory.Path, "gateway.db"));

    private static Gen<(int Gap, LedgerEntry Entry)> Entries =>
        // Some are far from the one before them, so that a few entries are in many spans.
        from gap in Gen.Int[0, 9]
        from far in Gen.Int[1, 2_500]
        from time in Gen.Int[-60, 60]
        from kind in Gen.Int[0, 3].Array[6]
        select (gap == 0 ? far : 1, Samples.Entry(0) with
        {
            Time = At(time),
            KeyId = $"k{kind[0]}",
            CustomerId = kind[1] == 0 ? null : $"c{kind[1]}",
            TeamId = kind[2] == 0 ? null : $"t{kind[2]}",
            Outcome = (LedgerOutcome)kind[3],
            Provider = $"p{kind[4] / 2}",
            RequestedModel = $"m{kind[4]}",
            RequestId = $"r{kind[5]}",
            Attempts = kind[5],
            CostNanoUsd = kind[1] + (10 * kind[2]),
        });

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void AnyHistory_AnyQuestion_IsAnsweredAsByLookingAtEveryEntry() =>
        Gen.Select(Steps.List[1, 25], Queries.List[1, 12]).Sample(
            (steps, queries) =>
            {
                var all = Play(steps);
                CheckSpans(all);
                foreach (var query in queries.Append(new LedgerQuery { Limit = 3 }))
                {
                    CheckPages(all, query);
                    CheckSummary(all, query);
                    CheckSpending(all, query);
                }
            },
            threads: 1,
            iter: 150);

    [Fact]
    public void Upgrade_EntriesThatWereThere_AreFound()
    {
        var random = new Random(5);
        var steps = Enumerable.Range(0, 60)
            .Select(i => new Step(i % Replicas, [.. Enumerable.Range(0, 50).Select(n => (n % 25 == 0 ? 900 : 1, Samples.Entry(n, $"k{random.Next(4)}") with { Time = At(random.Next(-60, 60)) }))], false, 0, 1));
        var all = Play(steps);
        var before = SqliteSchema.Steps.ToList().FindIndex(sql => sql.Contains("CREATE TABLE ledger_spans", StringComparison.Ordinal));
        Execute("DROP TABLE ledger_spans; DROP TABLE ledger_span_keys; DROP TABLE ledger_blocks; CREATE INDEX ledger_time ON ledger (time); CREATE INDEX ledger_key ON ledger (key_id, time)");
        using (var connection = _database.Connect())
        {
            foreach (var (id, entry) in all)
                InsertRow(connection, id, entry);
        }

        foreach (var step in SqliteSchema.Steps.Skip(before))
            Execute(step);
        LedgerConversion.Run(_database, NullLogger.Instance);

        CheckSpans(all);
        CheckPages(all, new LedgerQuery { Limit = 77 });
        CheckPages(all, new LedgerQuery { KeyId = "k1" });
        Assert.Equal(["ledger_spans_times"], Read("SELECT name FROM sqlite_master WHERE name LIKE 'ledger%' AND (type = 'index' OR name = 'ledger')", row => row.GetString(0)));
        LedgerConversion.Run(_database, NullLogger.Instance);
        CheckPages(all, new LedgerQuery());
    }

    /// <summary>An entry as ledgers of before had it.</summary>
    private static void InsertRow(SqliteConnection connection, long id, LedgerEntry entry)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"INSERT INTO ledger (id, {string.Join(", ", LedgerFields.All.Select(field => field.Name))}) VALUES ({id}, {string.Join(", ", LedgerFields.All.Select(field => $"${field.Name}"))})";
        foreach (var field in LedgerFields.All)
            command.Parameters.AddWithValue($"${field.Name}", (object?)field.Text?.Invoke(entry) ?? (object?)field.Number?.Invoke(entry) ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    private static DateTimeOffset At(int time) => Samples.Epoch.AddMinutes(time);

    private static bool Matches(LedgerQuery query, LedgerEntry entry) =>
        (query.From is null || entry.Time >= query.From) && (query.To is null || entry.Time < query.To)
        && (query.KeyId ?? entry.KeyId) == entry.KeyId && (query.CustomerId is null || query.CustomerId == entry.CustomerId)
        && (query.TeamId is null || query.TeamId == entry.TeamId) && (query.Outcome ?? entry.Outcome) == entry.Outcome
        && (query.Provider ?? entry.Provider) == entry.Provider && (query.RequestId ?? entry.RequestId) == entry.RequestId;

    /// <summary>Does the steps to an empty ledger.</summary>
    /// <returns>What is in it then.</returns>
    private SortedDictionary<long, LedgerEntry> Play(IEnumerable<Step> steps)
    {
        Execute("DELETE FROM ledger_blocks; DELETE FROM ledger_spans; DELETE FROM ledger_span_keys; DELETE FROM ledger_hours; DELETE FROM ledger_replicas");
        var inserters = Enumerable.Range(0, Replicas).Select(i => new LedgerInserter(_database, $"r{i}")).ToList();
        var outbox = new UsageOutbox(_database);
        var numbers = outbox.Replicas().ToDictionary(replica => replica.Replica, replica => replica.Number);
        var applied = new long[Replicas];
        var all = new SortedDictionary<long, LedgerEntry>();
        foreach (var step in steps)
        {
            var (name, from) = ($"r{step.Replica}", applied[step.Replica]);
            if (step.Entries.Count == 0)
            {
                outbox.Mark(name, from * 2 / 3);
                Delete(all, outbox, step);
                continue;
            }

            var sequence = from;
            var batch = new List<LedgerEntry>();
            inserters[step.Replica].Begin();
            foreach (var (gap, entry) in step.Entries)
            {
                sequence += gap;
                batch.Add(entry with { Replica = name, Sequence = sequence });
                inserters[step.Replica].Insert(sequence, Samples.Line(batch[^1]));
            }

            if (step.Undone)
            {
                inserters[step.Replica].Rollback();
                continue;
            }

            inserters[step.Replica].Commit(from, sequence);
            applied[step.Replica] = sequence;
            foreach (var entry in batch)
                all.Add(LedgerIds.Of(numbers[name], entry.Sequence), entry);
        }

        inserters.ForEach(inserter => inserter.Dispose());
        return all;
    }

    private void Delete(SortedDictionary<long, LedgerEntry> all, UsageOutbox outbox, Step step)
    {
        var published = outbox.Replicas().ToDictionary(replica => replica.Replica, replica => replica.Published);
        var old = all.Where(pair => pair.Value.Time < At(step.Time) && pair.Value.Sequence <= published[pair.Value.Replica]).Select(pair => pair.Key).ToHashSet();

        Assert.Equal(Math.Min(old.Count, step.Limit), outbox.DeleteBefore(At(step.Time), step.Limit));

        using var connection = _database.Connect();
        var left = LedgerBlocks.Read(connection, 0, long.MaxValue).Select(one => one.Id).ToHashSet();
        var deleted = all.Keys.Where(id => !left.Contains(id)).ToList();
        Assert.Equal(Math.Min(old.Count, step.Limit), deleted.Count);
        Assert.Empty(deleted.Except(old));
        deleted.ForEach(id => all.Remove(id));
    }

    private void CheckSpans(SortedDictionary<long, LedgerEntry> all)
    {
        var spans = Read("SELECT span, least, greatest FROM ledger_spans", row => (Span: row.GetInt64(0), Least: row.GetInt64(1), Greatest: row.GetInt64(2)));
        Assert.Equal(
            all.GroupBy(pair => LedgerSpans.Of(pair.Key), pair => LedgerTime.ToMicros(pair.Value.Time)).Select(span => (span.Key, span.Min(), span.Max())), spans.Order());
        var keys = Read("SELECT span, key_id FROM ledger_span_keys", row => (Span: row.GetInt64(0), Key: row.GetString(1)));
        Assert.Empty(all.Select(pair => (LedgerSpans.Of(pair.Key), pair.Value.KeyId)).Except(keys));
        Assert.Empty(keys.Select(key => key.Span).Except(spans.Select(span => span.Span)));
    }

    private void CheckPages(SortedDictionary<long, LedgerEntry> all, LedgerQuery query)
    {
        var expected = new Queue<LedgerEntry>(
            all.Where(pair => Matches(query, pair.Value)).OrderByDescending(pair => pair.Value.Time).ThenByDescending(pair => pair.Key).Select(pair => pair.Value));
        var store = new LedgerStore(_database);
        LedgerPage page;
        do
        {
            page = store.Query(query);
            Assert.Equal(Enumerable.Range(0, Math.Min(query.Limit, expected.Count)).Select(_ => expected.Dequeue()).ToList(), page.Entries);
            Assert.Equal(expected.Count > 0, page.NextCursor is not null);
            query = query with { Cursor = page.NextCursor };
        }
        while (page.NextCursor is not null);
    }

    private void CheckSummary(SortedDictionary<long, LedgerEntry> all, LedgerQuery query)
    {
        var key = query.KeyId ?? "k2";
        var span = new LedgerQuery { KeyId = key, From = query.From, To = query.To };
        Assert.Equal(
            all.Values.Where(entry => Matches(span, entry)).GroupBy(entry => entry.RequestedModel).OrderBy(model => model.Key, StringComparer.Ordinal)
                .Select(model => new ModelUsage(
                    model.Key, model.Count(), model.Count(entry => entry.Estimated), model.Select(entry => entry.Usage).Aggregate((one, other) => one + other), model.Sum(entry => entry.CostNanoUsd))),
            new LedgerStore(_database).Summarize(key, query.From, query.To).Models);
    }

    private void CheckSpending(SortedDictionary<long, LedgerEntry> all, LedgerQuery query)
    {
        const long bucket = 7 * 60_000;
        var owner = query with { KeyId = query.CustomerId is null && query.TeamId is null ? query.KeyId ?? "k3" : null, CustomerId = query.CustomerId, TeamId = query.CustomerId is null ? query.TeamId : null };
        var matching = owner with { Outcome = null, Provider = null, RequestId = null };
        var last = all.Values.Select(entry => entry.Sequence).DefaultIfEmpty().Max() / 2;
        foreach (var inherited in new long?[] { null, last })
        {
            var expected = all.Values.Where(entry => entry.Replica == "r1" && entry.Attempts > 0 && entry.Sequence <= (inherited ?? entry.Sequence) && Matches(matching, entry))
                .GroupBy(entry => (Bucket: entry.Time.ToUnixTimeMilliseconds() / bucket, entry.RequestedModel, entry.Provider, entry.TargetModel))
                .Select(line => new SpendingLine(
                    line.Key.Bucket, line.Key.RequestedModel, line.Key.Provider, line.Key.TargetModel, line.Count(), line.Sum(entry => entry.Usage.Input + entry.Usage.Output), line.Sum(entry => entry.CostNanoUsd)));
            Assert.Equal(
                expected.OrderBy(line => line.ToString()), new SpendingStore(_database).Sum("r1", owner, bucket, inherited).OrderBy(line => line.ToString()));
        }
    }

    private void Execute(string sql)
    {
        using var connection = _database.Connect();
        SqliteDatabase.Execute(connection, sql);
    }

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read) => SqliteRows.Read(_database, sql, read);

    private sealed record Step(int Replica, List<(int Gap, LedgerEntry Entry)> Entries, bool Undone, int Time, int Limit);
}
