using System.Diagnostics;
using Chaos.Judging;
using Chaos.Load;
using Chaos.Processes;

namespace Chaos.Scenarios;

/// <summary>A key made on one replica passes on all; disabled there, it is refused by all within five seconds.</summary>
internal static class Revocation
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(Cluster cluster, ReplyBook book, Figures figures, Verdict verdict)
    {
        using var admin = new Admin(cluster.Replicas[0]);
        var made = await admin.PostAsync("/admin/keys", """{ "models": ["*"] }""");
        var (id, key) = (made.GetProperty("id").GetString()!, made.GetProperty("value").GetString()!);
        figures.Add("new key passes everywhere after", await TakesAsync(ReplyKind.Ok));
        await admin.PostAsync($"/admin/keys/{id}/disable");
        var took = await TakesAsync(ReplyKind.KeyRefused);
        figures.Add("disabled key is refused everywhere after", took);
        if (took > Bound)
            verdict.Break("revoked late", $"a disabled key still passed after {took.TotalSeconds:0.0} s");

        async Task<TimeSpan> TakesAsync(ReplyKind kind)
        {
            using var caller = new Caller();
            var began = Stopwatch.GetTimestamp();
            foreach (var replica in cluster.Replicas)
            {
                while (book.Note(await caller.AskAsync(replica.Address, key, false, "hello", 4)).Kind != kind && Stopwatch.GetElapsedTime(began) < Patience)
                    await Task.Delay(10);
            }

            return Stopwatch.GetElapsedTime(began);
        }
    }
}
