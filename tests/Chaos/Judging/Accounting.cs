using System.Globalization;
using Chaos.Processes;

namespace Chaos.Judging;

/// <summary>What is summed up out of the events of all replicas: it must come to what their ledgers say, however often an event was delivered.</summary>
internal sealed class Accounting(Cluster cluster, Verdict verdict)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How long after the last request the sums were right.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Leases of dead lives that were set free in windows that are over.</summary>
    public long Reclaimed { get; private set; }

    /// <summary>Waits for the sums, then has leases reclaimed.</summary>
    public async Task RunAsync()
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

        Reclaimed = (await admin.PostAsync("/admin/jobs/reclaim-leases/run")).GetProperty("counts").GetProperty("reclaimed").GetInt64();
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
