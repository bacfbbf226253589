using Gateway.Budgets;
using Gateway.Metering;
using Gateway.State.Embedded;

namespace Gateway.Tests.Metering;

public sealed class LedgerSpentTests
{
    private static readonly LimitSpec TeamMoney = new()
    {
        Id = "team:red:month",
        Name = "month",
        Scope = LimitScope.Team,
        OwnerId = "red",
        Kind = LimitKind.Budget,
        Unit = LimitUnit.NanoUsd,
        Amount = 1_000_000,
    };

    [Fact]
    public async Task SpentAsync_EntriesOfManyOwners_IsTheSumOfTheirCharges()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        var entries = Enumerable.Range(0, 200).Select(i => Samples.Entry(i, $"key_{i % 3}") with
        {
            Time = Samples.Epoch.AddSeconds(i),
            CustomerId = "acme",
            TeamId = i % 2 == 0 ? "red" : null,
            UserId = i % 5 == 0 ? "ada" : null,
            Provider = i % 4 == 0 ? "" : "openai",
            Attempts = i % 4 == 0 ? 0 : 1,
        }).ToList();
        foreach (var entry in entries)
            await bench.Ledger.AppendAsync(entry);

        foreach (var limit in new[]
        {
            TeamMoney,
            TeamMoney with { Unit = LimitUnit.Tokens, Scope = LimitScope.Customer, OwnerId = "acme" },
            TeamMoney with { Unit = LimitUnit.Requests, Scope = LimitScope.User, OwnerId = "ada" },
            TeamMoney with { Scope = LimitScope.Key, OwnerId = "key_1", Providers = ["open*"] },
            TeamMoney with { Scope = LimitScope.Key, OwnerId = "key_1", Models = ["openai/gpt-5*"] },
        })
        {
            var from = Samples.Epoch.AddSeconds(10);
            var to = Samples.Epoch.AddSeconds(100);
            var expected = entries
                .Where(entry => entry.Time >= from && entry.Time < to && Owner(limit.Scope, entry) == limit.OwnerId)
                .GroupBy(entry => from.AddSeconds((entry.Time - from).Ticks / (7 * TimeSpan.TicksPerSecond) * 7))
                .Select(group => new SpentBucket(group.Key, group.Sum(entry => Charge.Of(limit, entry))))
                .Where(bucket => bucket.Amount > 0);

            Assert.Equal(expected, await bench.Ledger.SpentAsync(limit, from, to, TimeSpan.FromSeconds(7)));
        }
    }

    [Fact]
    public async Task SpentAsync_OneBucket_IsOneSumFromTheFirstMomentToBeforeTheLast()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        for (var i = 0; i < 4; i++)
            await bench.Ledger.AppendAsync(Samples.Entry(0) with { Time = Samples.Epoch.AddMicroseconds(i), TeamId = "red", CostNanoUsd = 10 });

        var spent = await bench.Ledger.SpentAsync(TeamMoney, Samples.Epoch.AddMicroseconds(1), Samples.Epoch.AddMicroseconds(3), TimeSpan.FromDays(31));

        Assert.Equal([new SpentBucket(Samples.Epoch.AddMicroseconds(1), 20)], spent);
    }

    [Fact]
    public void Open_LedgerOfBefore_HasEntriesOfNobody()
    {
        using var directory = new TempDirectory();
        var path = Path.Combine(directory.Path, "gateway.db");
        using (var before = SqliteDatabase.Open(path))
        using (var connection = before.Connect())
        {
            SqliteDatabase.Execute(
                connection,
                """
                ALTER TABLE ledger DROP COLUMN customer_id; ALTER TABLE ledger DROP COLUMN team_id; ALTER TABLE ledger DROP COLUMN user_id;
                INSERT INTO ledger VALUES (1, 'r', 1, 0, 'req', 'key_1', 'chat', 'm', 'm', NULL, 'p', NULL, 1, 2, 0, 0, 0, 0, 0, 0, 7, 'v', 200, 'completed', NULL, NULL, 0, NULL, 1, 1);
                """);
            var step = SqliteSchema.Steps.ToList().FindIndex(sql => sql.Contains("ADD COLUMN customer_id", StringComparison.Ordinal));
            foreach (var later in SqliteSchema.Steps.Skip(step + 1))
                Assert.DoesNotContain("ledger", later, StringComparison.Ordinal); // otherwise this test has to undo it too
            SqliteDatabase.Execute(connection, $"PRAGMA user_version={step}");
        }

        using var database = SqliteDatabase.Open(path);
        var entry = Assert.Single(new LedgerStore(database).Query(new LedgerQuery()).Entries);

        Assert.Null(entry.CustomerId);
        Assert.Equal(7, entry.CostNanoUsd);
        Assert.Equal([new SpentBucket(DateTimeOffset.UnixEpoch, 7)], new LedgerStore(database).Spent(
            "r", TeamMoney with { Scope = LimitScope.Key, OwnerId = "key_1" }, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1), TimeSpan.FromHours(1)));
    }

    private static string? Owner(LimitScope scope, LedgerEntry entry) => scope switch
    {
        LimitScope.Customer => entry.CustomerId,
        LimitScope.Team => entry.TeamId,
        LimitScope.User => entry.UserId,
        _ => entry.KeyId,
    };
}
