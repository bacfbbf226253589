using Chaos.Judging;
using Chaos.Load;
using Chaos.Processes;

namespace Chaos.Scenarios;

/// <summary>One cluster and everything that is done to it.</summary>
internal static class Run
{
    /// <summary>Runs all scenarios that are asked for, one after another, and at the end holds all ledgers against all replies.</summary>
    public static async Task AsWholeAsync(ChaosOptions options, int replicas, Figures figures, Verdict verdict)
    {
        var began = TimeProvider.System.GetTimestamp();
        await using var cluster = await Cluster.StartAsync(replicas, options.Store);
        var book = new ReplyBook();
        var accounting = new Accounting(cluster, verdict);
        foreach (var scenario in options.Scenarios)
        {
            var scenarioBegan = TimeProvider.System.GetTimestamp();
            await (scenario switch
            {
                "storm" => Storm.RunAsync(cluster, book, options, accounting, figures, verdict),
                "revocation" => Revocation.RunAsync(cluster, book, figures, verdict),
                "rotation" => SecretRotation.RunAsync(cluster, book, figures, verdict),
                _ => SidecarOutage.RunAsync(cluster, book, options, figures, verdict),
            });
            figures.Add(scenario + " took", TimeProvider.System.GetElapsedTime(scenarioBegan));
        }

        await JudgeAsync(cluster, book, accounting, figures, verdict);
        if (options.Keeps && !verdict.IsClean)
        {
            cluster.Keeps = true;
            Console.WriteLine("kept: " + cluster.Path);
        }

        figures.Add("the whole run took", TimeProvider.System.GetElapsedTime(began));
    }

    private static async Task JudgeAsync(Cluster cluster, ReplyBook book, Accounting accounting, Figures figures, Verdict verdict)
    {
        await new Recovery(cluster, book, accounting, verdict).WaitForLeasesAsync();
        await accounting.SumUpAsync();
        var reconciliation = new Reconciliation(cluster, book, accounting.ReclaimedAt, verdict);
        await reconciliation.RunAsync();
        foreach (var other in book.Replies.Values.Where(reply => reply.Kind == ReplyKind.Other))
            verdict.Break("unexpected", $"{other.Id} was answered with {other.Status}: {other.Body}");
        figures.Add("ledger entries", reconciliation.Entries);
        figures.Add("of replies cut or left", reconciliation.Unseen);
        figures.Add("budget windows compared", reconciliation.Windows);
        figures.Add("corrections by reconciliation", reconciliation.Corrections);
        figures.Add("leases of dead lives reclaimed", accounting.Reclaimed);
        figures.Add("past windows that the job could not see", reconciliation.Unseeable);
        figures.Add("rollups are right after", accounting.Took);
        figures.Add("worst stall seen by a client", book.WorstStall);
        if (book.WorstStall > TimeSpan.FromSeconds(20))
            verdict.Break("stalled", $"a client waited {book.WorstStall.TotalSeconds:0.0} s");
        foreach (var invariant in (string[])["overspent", "lost", "duplicated", "differs", "unknown", "drift", "rollups differ", "leaked", "refused falsely"])
            figures.Add(invariant, verdict.Of(invariant));
    }
}
