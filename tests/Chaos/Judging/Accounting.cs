using System.Globalization;
using Chaos.Processes;

namespace Chaos.Judging;

/// <summary>What is summed up out of the events of all replicas: it must come to what their ledgers say, however often an event was delivered.</summary>
internal sealed class Accounting(Cluster cluster, Verdict verdict)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Five minutes that a lease lasts, ten that the job waits, and some.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(16);

    /// <summary>How long after the last request the sums were right.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Leases of dead lives that were set free.</summary>
    public long Reclaimed { get; private set; }

    /// <summary>
    /// When they were. The job looks at the window that is and the one before, every five minutes; it had no chance at those that the clock left behind faster.
    /// </summary>
    public DateTimeOffset ReclaimedAt { get; private set; } = cluster.Clock.Began;

    /// <summary>Has leases reclaimed that expired long enough ago, once the sums tell what they were used for.</summary>
    public async Task ReclaimAsync()
    {
        cluster.Clock.MoveBy(Grace);
        await SumUpAsync();
        ReclaimedAt = cluster.Clock.Now;
        using var admin = new Admin(cluster.Replicas[^1]);
        for (var tries = 0; ; tries++)
        {
            try
            {
                Reclaimed += (await admin.PostAsync("/admin/jobs/reclaim-leases/run")).GetProperty("counts").GetProperty("reclaimed").GetInt64();
                return;
            }
            catch (HttpRequestException) when (tries < 60)
            {
                await Task.Delay(500); // it may just be running
            }
        }
    }

    /// <summary>Waits until the sums are right.</summary>
    public async Task SumUpAsync()
    {
        using var admin = new Admin(cluster.Replicas[^1]);
        var expected = Sum(await LedgerReader.ReadAsync(cluster.Replicas));
        var began = TimeProvider.System.GetTimestamp();
        var found = await FoundAsync(admin);
        while (found != expected && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(250);
            found = await FoundAsync(admin);
        }

        Took = TimeProvider.System.GetElapsedTime(began);
        if (found != expected)
        {
            verdict.Break("rollups differ", $"the rollups say {found}, the ledgers {expected}");
            foreach (var replica in cluster.Replicas)
                verdict.Break("rollups differ", $"replica {replica.Number} said: {replica.Output}");
        }
    }

    private static string Sum(List<LedgerLine> entries) => Text(entries.Count, entries.Sum(entry => entry.Tokens), entries.Sum(entry => entry.CostNanoUsd));

    private async Task<string> FoundAsync(Admin admin)
    {
        var from = (cluster.Clock.Began - TimeSpan.FromHours(1)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var report = await admin.GetAsync($"/admin/usage?group=key&step=hour&from={from}");
        var rows = report.GetProperty("data").EnumerateArray().ToList();
        return Text(
            rows.Sum(row => row.GetProperty("requests").GetInt64()),
            rows.Sum(row => row.GetProperty("input_tokens").GetInt64() + row.GetProperty("output_tokens").GetInt64()),
            rows.Sum(row => row.GetProperty("cost_nano_usd").GetInt64()));
    }

    private static string Text(long requests, long tokens, long cost) =>
        string.Create(CultureInfo.InvariantCulture, $"{requests} requests, {tokens} tokens, {cost} nano-dollars");
}
