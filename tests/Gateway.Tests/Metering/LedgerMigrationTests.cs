using Gateway.Metering;
using Gateway.State.Embedded;
using Gateway.Tests.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Metering;

public sealed class LedgerMigrationTests
{
    /// <summary>The schema as it was before entries told their attempts.</summary>
    private const int Before = 8;

    [Fact]
    public async Task Open_DatabaseOfBefore_KeepsItsEntriesAndTakesNewOnes()
    {
        using var directory = new TempDirectory();
        var path = LedgerPaths.Database(directory.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            await connection.OpenAsync();
            foreach (var step in SqliteSchema.Steps.Take(Before))
                SqliteDatabase.Execute(connection, step);
            SqliteDatabase.Execute(connection, $"PRAGMA user_version={Before}");
            SqliteDatabase.Execute(connection, """
                INSERT INTO ledger_replicas (number, replica, applied, published) VALUES (1, 'old', 1, 0);
                INSERT INTO ledger (id, replica, sequence, time, request_id, key_id, operation, requested_model, target_model, provider, input_tokens, output_tokens,
                    cache_read_tokens, cache_write_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, estimated, cost_nano_usd, price_version, status, outcome,
                    streamed, duration_us, attempts)
                VALUES ((1 << 40) + 1, 'old', 1, 1785585600000000, 'r', 'k', 'chat', 'fast', 'm', 'a', 3, 2, 0, 0, 0, 0, 0, 0, 70, 'v', 200, 'completed', 0, 900, 2);
                """);
        }

        await using var ledger = await Ledger.OpenAsync(new LedgerOptions { DataDirectory = directory.Path }, TimeProvider.System, NullLogger.Instance);
        await ledger.AppendAsync(Samples.Full());

        var entries = (await ledger.QueryAsync(new LedgerQuery())).Entries;
        Assert.Equal(Samples.Full() with { Replica = ledger.Replica, Sequence = 1 }, entries.Single(e => e.Replica != "old"));
        Assert.Equal(
            new LedgerEntry
            {
                Replica = "old", Sequence = 1, Time = DateTimeOffset.FromUnixTimeSeconds(1_785_585_600), RequestId = "r", KeyId = "k", Operation = "chat", RequestedModel = "fast",
                TargetModel = "m", Provider = "a", Usage = new TokenUsage(3, 2), CostNanoUsd = 70, PriceVersion = "v", Status = 200, DurationMicros = 900, Attempts = 2,
            },
            entries.Single(e => e.Replica == "old"));
    }

    [Fact]
    public async Task Append_OneAttemptThatAnswered_TakesNoMoreRoomThanBefore()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        await bench.Ledger.AppendAsync(Samples.Entry(0));
        var line = ReadSpool(bench);
        Assert.All(["attempt_list", "wasted", "route", "rule", "arm", "provider_key"], name => Assert.DoesNotContain($"\"{name}", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Append_SeveralAttempts_AreJsonInTheSpoolAndBackInTheStore()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        await bench.Ledger.AppendAsync(Samples.Entry(0) with { AttemptList = Samples.Attempts });
        Assert.Contains(""","attempt_list":{"v":1,"list":[{"provider":"a","model":"m \u00E9\u0022","key":"k1","reason":"first","outcome":"failed","status":503,"error_code":"provider_overloaded","duration_us":12}""", ReadSpool(bench), StringComparison.Ordinal);
        Assert.Equal(Samples.Attempts, Assert.Single(await bench.AllAsync()).AttemptList);
    }

    private static string ReadSpool(LedgerBench bench)
    {
        using var file = new FileStream(Directory.GetFiles(bench.Spool, "spool-*").Single(), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
