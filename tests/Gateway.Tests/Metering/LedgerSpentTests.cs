using Gateway.Budgets;
using Gateway.Metering;
using Gateway.State.Embedded;
using Gateway.Tests.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

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
    public async Task UsedAsync_EntriesOfAnEarlierLife_AreTheSumOfTheirCharges()
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
        var now = Samples.Epoch.AddSeconds(200);

        // Entries of this life are the book's own affair.
        Assert.Empty(await new LedgerSpending(bench.Ledger).UsedAsync(TeamMoney, LimitPeriod.At(TeamMoney, now), now, default));
        await bench.Ledger.DisposeAsync();
        bench.Open();
        await bench.Ledger.AppendAsync(Samples.Entry(300) with { Time = now, TeamId = "red" });

        foreach (var limit in new[]
        {
            TeamMoney,
            TeamMoney with { Unit = LimitUnit.Tokens, Scope = LimitScope.Customer, OwnerId = "acme" },
            TeamMoney with { Unit = LimitUnit.Requests, Scope = LimitScope.User, OwnerId = "ada" },
            TeamMoney with { Scope = LimitScope.Key, OwnerId = "key_1", Providers = ["open*"] },
            TeamMoney with { Scope = LimitScope.Key, OwnerId = "key_1", Models = ["openai/gpt-5*"] },
            TeamMoney with { Window = new WindowSpec(WindowUnit.Minute, 1) },
            TeamMoney with { Window = new WindowSpec(WindowUnit.Minute, 2) { Rolling = true } },
        })
        {
            var period = LimitPeriod.At(limit, now);
            var expected = entries
                .Where(entry => period.Contains(entry.Time) && Owner(limit.Scope, entry) == limit.OwnerId)
                .GroupBy(entry => period.BucketOf(entry.Time.ToUnixTimeMilliseconds()))
                .Where(bucket => period.Counts(bucket.Key, now.ToUnixTimeMilliseconds()))
                .Select(bucket => KeyValuePair.Create(bucket.Key, bucket.Sum(entry => Charge.Of(limit, entry))))
                .Where(bucket => bucket.Value > 0);

            Assert.Equal(expected, (await new LedgerSpending(bench.Ledger).UsedAsync(limit, period, now, default)).OrderBy(bucket => bucket.Key));
        }
    }

    [Fact]
    public async Task Open_LedgerOfBefore_HasEntriesOfNobody()
    {
        using var directory = new TempDirectory();
        var path = LedgerPaths.Database(directory.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var step = SqliteSchema.Steps.ToList().FindIndex(sql => sql.Contains("ADD COLUMN customer_id", StringComparison.Ordinal));
        await using (var before = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            await before.OpenAsync();
            await using var command = before.CreateCommand();
            command.CommandText = string.Join("\n", SqliteSchema.Steps.Take(step)) +
                $"""
                INSERT INTO ledger VALUES (1, 'r', 1, 0, 'req', 'key_1', 'chat', 'm', 'm', NULL, 'p', NULL, 1, 2, 0, 0, 0, 0, 0, 0, 7, 'v', 200, 'completed', NULL, NULL, 0, NULL, 1, 1);
                PRAGMA user_version={step};
                """;
            await command.ExecuteNonQueryAsync();
        }

        await using var ledger = await Ledger.OpenAsync(new LedgerOptions { DataDirectory = directory.Path }, TimeProvider.System, NullLogger.Instance);
        var entry = Assert.Single((await ledger.QueryAsync(new LedgerQuery())).Entries);

        Assert.Null(entry.CustomerId);
        Assert.Equal(7, entry.CostNanoUsd);
    }

    private static string? Owner(LimitScope scope, LedgerEntry entry) => scope switch
    {
        LimitScope.Customer => entry.CustomerId,
        LimitScope.Team => entry.TeamId,
        LimitScope.User => entry.UserId,
        _ => entry.KeyId,
    };
}
