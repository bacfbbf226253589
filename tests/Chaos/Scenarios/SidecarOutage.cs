using System.Globalization;
using System.Text.Json;
using Chaos.Judging;
using Chaos.Load;
using Chaos.Processes;

namespace Chaos.Scenarios;

/// <summary>
/// The sidecars are gone under load: what may go on without the store does, what may not goes on while its leases last, readiness and metrics say so, and
/// nothing is lost once they are back.
/// </summary>
internal static class SidecarOutage
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(Cluster cluster, ReplyBook book, ChaosOptions options, Figures figures, Verdict verdict)
    {
        var (allowing, refusing) = (new ReplyBook(), new ReplyBook());
        using (var stop = new CancellationTokenSource())
        {
            var load = Task.WhenAll(
                new Crowd(cluster.Replicas, allowing, Math.Max(2, options.Clients / 4), options.Seed).RunAsync(Hierarchy.AllowingKey, stop.Token),
                new Crowd(cluster.Replicas, refusing, Math.Max(2, options.Clients / 4), options.Seed + 1).RunAsync(Hierarchy.RefusingKey, stop.Token));
            await Task.Delay(TimeSpan.FromSeconds(1));
            await TakeAwayAsync(cluster);
            var saidSo = await WaitForAsync(cluster, isAvailable: false);
            if (saidSo > options.Outage || saidSo >= Patience)
                verdict.Break("outage unseen", "readiness and metrics did not say that the store is away");
            if (options.Outage > saidSo)
                await Task.Delay(options.Outage - saidSo);
            var (served, refused) = (allowing.Count(ReplyKind.Ok), refusing.Count(ReplyKind.Unavailable));
            await BringBackAsync(cluster);
            var back = await WaitForAsync(cluster, isAvailable: true);
            if (back >= Patience)
                verdict.Break("outage unseen", "readiness and metrics did not say that the store is back");
            await Task.Delay(TimeSpan.FromSeconds(1));
            await stop.CancelAsync();
            await load;
            figures.Add("outage seen by all after", saidSo);
            figures.Add("return seen by all after", back);
            figures.Add("outage: ok where the policy allows", served);
            figures.Add("outage: refused where it does not", refused);
        }

        Judge(allowing, refusing, figures, verdict);
        foreach (var reply in allowing.Replies.Values.Concat(refusing.Replies.Values))
            book.Note(reply);
    }

    private static void Judge(ReplyBook allowing, ReplyBook refusing, Figures figures, Verdict verdict)
    {
        figures.Add("outage: worst stall", new[] { allowing.WorstStall, refusing.WorstStall }.Max());
        foreach (var reply in allowing.Replies.Values.Where(reply => reply.Kind is not (ReplyKind.Ok or ReplyKind.Left)))
            verdict.Break("stopped by the outage", $"{reply.Id} was {reply.Kind} ({reply.Status}) though the policy allows it");
        foreach (var reply in refusing.Replies.Values.Where(reply => reply.Kind is not (ReplyKind.Ok or ReplyKind.Left or ReplyKind.Unavailable)))
            verdict.Break("stopped by the outage", $"{reply.Id} was {reply.Kind} ({reply.Status}) instead of ok or unavailable");
    }

    // Over Redis the first sidecar is killed, as in an upgrade; the others, and one over memory, hang.
    private static async Task TakeAwayAsync(Cluster cluster)
    {
        foreach (var sidecar in cluster.Sidecars.Skip(1))
            sidecar.Pause();
        if (cluster.Sidecars.Count == 1)
            cluster.Sidecars[0].Pause();
        else
            await cluster.Sidecars[0].KillAsync();
    }

    private static async Task BringBackAsync(Cluster cluster)
    {
        foreach (var sidecar in cluster.Sidecars.Skip(1))
            sidecar.Resume();
        if (cluster.Sidecars.Count == 1)
            cluster.Sidecars[0].Resume();
        else
            await cluster.Sidecars[0].StartAsync();
    }

    private static async Task<TimeSpan> WaitForAsync(Cluster cluster, bool isAvailable)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        foreach (var replica in cluster.Replicas)
        {
            while (TimeProvider.System.GetElapsedTime(began) < Patience && !await SaysAsync(http, replica, isAvailable))
                await Task.Delay(50);
        }

        return TimeProvider.System.GetElapsedTime(began);
    }

    private static async Task<bool> SaysAsync(HttpClient http, Replica replica, bool isAvailable)
    {
        using var ready = await http.GetAsync(new Uri(replica.Address, "/health/ready"));
        using var json = JsonDocument.Parse(await ready.Content.ReadAsByteArrayAsync());
        var metrics = await http.GetStringAsync(new Uri(replica.Address, "/metrics"));
        return ready.IsSuccessStatusCode
            && json.RootElement.GetProperty("state").GetString() == (isAvailable ? "available" : "unavailable")
            && metrics.Contains(string.Create(CultureInfo.InvariantCulture, $"gateway_state_available {(isAvailable ? 1 : 0)}"), StringComparison.Ordinal);
    }
}
