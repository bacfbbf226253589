using System.Diagnostics;
using Chaos.Judging;
using Chaos.Load;
using Chaos.Processes;

namespace Chaos.Scenarios;

/// <summary>A provider's key is replaced in the vault and at the provider at once: no replica is restarted, and no client notices.</summary>
internal static class SecretRotation
{
    private const string Model = "judged/m";

    public static async Task RunAsync(Cluster cluster, ReplyBook book, Figures figures, Verdict verdict)
    {
        using var caller = new Caller();
        await AskAllAsync("before the rotation");
        var (began, refused) = (Stopwatch.GetTimestamp(), cluster.Outside.Refused);
        cluster.SetProviderKey("second-key");
        await AskAllAsync("after the rotation");
        figures.Add("rotated secret is in use everywhere after", Stopwatch.GetElapsedTime(began));
        figures.Add("refusals by the provider that nobody noticed", cluster.Outside.Refused - refused);

        async Task AskAllAsync(string when)
        {
            foreach (var replica in cluster.Replicas)
            {
                var reply = book.Note(await caller.AskAsync(replica.Address, Hierarchy.AllowingKey, false, "hello", 4, model: Model));
                if (reply.Kind != ReplyKind.Ok)
                    verdict.Break("not rotated", $"{when} replica {replica.Number} answered {reply.Status} {reply.Body}");
            }
        }
    }
}
