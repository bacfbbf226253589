using Chaos.Faults;
using Chaos.Judging;
using Chaos.Load;
using Chaos.Processes;

namespace Chaos.Scenarios;

/// <summary>Clients hammer a hierarchy that is nearly used up while everything fails; then all replicas restart, and everything must add up.</summary>
internal static class Storm
{
    private const int WarmUps = 20;

    public static async Task RunAsync(Cluster cluster, ReplyBook book, ChaosOptions options, Accounting accounting, Figures figures, Verdict verdict)
    {
        var driver = new FaultDriver(cluster, options.Seed);
        var recovery = new Recovery(cluster, book, accounting, verdict);
        await WarmUpAsync(cluster, book);
        await using (var observer = new Observer(cluster.Peek, cluster.Clock, verdict))
        {
            observer.Start();
            using (var stop = new CancellationTokenSource(options.Storm))
            {
                var crowd = new Crowd(cluster.Replicas, book, options.Clients, options.Seed).RunAsync(Hierarchy.Key, stop.Token);
                await Task.WhenAll(crowd, options.IsCalm ? Task.CompletedTask : driver.RunAsync(stop.Token));
            }

            Describe(book, figures);
            await cluster.RestartAsync();
            await recovery.RunAsync();
            figures.Add("values observed", observer.Looks);
            figures.Add("most taken of a limit, ‰", observer.FullestPerMille);
            figures.Add("windows crossed", observer.Windows.Count - 1);
        }

        var happened = (await Task.WhenAll(cluster.Sidecars.Select(sidecar => sidecar.HappenedAsync()))).SelectMany(h => h).ToLookup(h => h.Key, h => h.Value);
        figures.Add("replicas killed", driver.Kills);
        figures.Add("starts that failed and were repeated", cluster.Replicas.Sum(replica => replica.FailedStarts));
        figures.Add("sidecars stopped", driver.Pauses);
        figures.Add("clock brought to a window's end", driver.Jumps);
        figures.Add("conflicts injected", happened["conflict"].Sum());
        figures.Add("answers lost", happened["lostanswer"].Sum());
        figures.Add("connections dropped", happened["drop"].Sum());
        figures.Add("events delivered", cluster.Outside.Events);
        figures.Add("events delivered again", cluster.Outside.Duplicates);
        figures.Add("replies of a new window", recovery.Refilled);
    }

    // What runs for the first time is slow: a storm over it would be one of timeouts alone.
    private static Task WarmUpAsync(Cluster cluster, ReplyBook book) => Task.WhenAll(cluster.Replicas.Select(async replica =>
    {
        using var caller = new Caller();
        for (var i = 0; i < WarmUps; i++)
            book.Note(await caller.AskAsync(replica.Address, Hierarchy.AllowingKey, i % 2 == 0, "hello", 4));
    }));

    private static void Describe(ReplyBook book, Figures figures)
    {
        figures.Add("requests", book.Sent);
        figures.Add("ok", book.Count(ReplyKind.Ok));
        figures.Add("ok, median", book.Median(ReplyKind.Ok));
        figures.Add("402 exhausted", book.Count(ReplyKind.Exhausted));
        figures.Add("429 contended", book.Count(ReplyKind.Contended));
        figures.Add("429 rate limited", book.Count(ReplyKind.RateLimited));
        figures.Add("429 contended, median", book.Median(ReplyKind.Contended));
        figures.Add("503 limits unavailable", book.Count(ReplyKind.Unavailable));
        figures.Add("cut by a kill", book.Count(ReplyKind.Cut));
        figures.Add("left by the client", book.Count(ReplyKind.Left));
    }
}
