using Gateway.Jobs;
using Gateway.Jobs.Accounting;
using Gateway.Metering;
using Gateway.State.Embedded;
using Gateway.Tests.Metering;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Jobs;

public sealed class LedgerRetentionTests
{
    [Fact]
    public async Task RunAsync_EntriesOfBeforeAndSince_KeepsWhatIsNotOldOrNotPublished()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        var keep = TimeSpan.FromDays(40);
        var now = Samples.Epoch.AddDays(100);
        // Three days of hours, two of them kept for too long; more entries than are deleted at once.
        for (var i = 0; i < 24_000; i++)
            await bench.Ledger.AppendAsync(Samples.Entry(0) with { Time = now - keep - TimeSpan.FromDays(2) + (TimeSpan.FromDays(3) * (i / 24_000.0)), Attempts = 1 });
        await bench.Ledger.FlushAsync();
        using var database = SqliteDatabase.Open(LedgerPaths.Database(bench.Directory.Path));
        var outbox = new UsageOutbox(database);
        outbox.Mark(bench.Ledger.Replica, 15_000);

        var report = await new LedgerRetention(outbox, keep).RunAsync(new JobContext(now, 1, null), default);

        Assert.Equal(15_000, report.Counts["deleted"]);
        Assert.Equal(Enumerable.Range(15_001, 9_000).Select(sequence => (long)sequence), (await bench.AllAsync()).Select(entry => entry.Sequence));
        var hours = SqliteRows.Read(database, "SELECT DISTINCT hour FROM ledger_hours ORDER BY 1", row => row.GetInt64(0));
        Assert.Equal(24, hours.Count);
        Assert.Equal((now - keep).ToUnixTimeSeconds() / 3_600, hours[0]);
    }
}
