using Chaos.Load;
using Chaos.Processes;

namespace Chaos.Judging;

/// <summary>Holds the ledgers of all replicas against what clients saw, and against what the store says was spent.</summary>
internal sealed class Reconciliation(Cluster cluster, ReplyBook book, DateTimeOffset reclaimedAt, Verdict verdict)
{
    /// <summary>Entries of all ledgers.</summary>
    public int Entries { get; private set; }

    /// <summary>Entries of replies that no client saw whole.</summary>
    public int Unseen { get; private set; }

    /// <summary>Windows of budgets that were compared.</summary>
    public int Windows { get; private set; }

    /// <summary>Windows with a lease of a dead life that the job had no chance to see: it counts as spent there for good.</summary>
    public int Unseeable { get; private set; }

    /// <summary>Slots that the reconciliation of budgets has corrected.</summary>
    public int Corrections { get; private set; }

    /// <summary>Compares everything. Nobody may ask meanwhile.</summary>
    public async Task RunAsync()
    {
        var entries = await LedgerReader.ReadAsync(cluster.Replicas);
        Entries = entries.Count;
        CompareReplies(entries);
        foreach (var limit in Hierarchy.Budgets)
            await CompareAsync(limit, entries);
    }

    private void CompareReplies(List<LedgerLine> entries)
    {
        foreach (var twins in entries.GroupBy(entry => entry.Identity).Where(twins => twins.Count() > 1))
            verdict.Break("duplicated", $"entry {twins.Key} is there {twins.Count()} times");
        var byRequest = entries.ToLookup(entry => entry.RequestId);
        foreach (var reply in book.Replies.Values.Where(reply => reply.IsComplete && reply.Kind != ReplyKind.KeyRefused))
        {
            var found = byRequest[reply.Id].ToList();
            if (found.Count == 0)
                verdict.Break("lost", $"{reply.Id} ({reply.Kind}, status {reply.Status}) is in no ledger");
            else if (found.Count > 1)
                verdict.Break("duplicated", $"{reply.Id} is in the ledgers {found.Count} times: {string.Join(", ", found.Select(e => e.Identity))}");
            else if (reply.Kind == ReplyKind.Ok && (found[0].Outcome != "completed" || (reply.Tokens is { } tokens && tokens != found[0].Tokens)))
                verdict.Break("differs", $"{reply.Id}: the client saw {reply.Tokens} tokens, the ledger says {found[0].Tokens}, {found[0].Outcome}");
        }

        foreach (var request in byRequest)
        {
            if (!book.Replies.TryGetValue(request.Key, out var reply))
                verdict.Break("unknown", $"{request.Key} is in a ledger, but nobody sent it");
            else if (!reply.IsComplete)
                Unseen += request.Count();
            if (request.Count() > 1 && reply is { IsComplete: false })
                verdict.Break("duplicated", $"{request.Key} is in the ledgers {request.Count()} times");
        }
    }

    private async Task CompareAsync(TestedLimit limit, List<LedgerLine> entries)
    {
        var spent = entries.Where(entry => Concerns(limit, entry)).GroupBy(entry => limit.StartOf(entry.Time)).ToDictionary(g => g.Key, g => g.ToList());
        var now = cluster.Clock.Now;
        for (var start = limit.StartOf(cluster.Clock.Began); start <= now; start += limit.Rolling ? TimeSpan.FromDays(40_000) : limit.Window)
        {
            var stored = StoredLimit.Read(await cluster.Peek.GetAsync(limit.KeyOf(start)));
            var window = spent.GetValueOrDefault(start) ?? [];
            if (stored is null && window.Count == 0)
                continue;
            Windows++;
            var expected = window.Where(entry => !limit.Rolling || StoredLimit.Leaves(limit, BucketOf(limit, entry.Time)) > now).Sum(limit.Charge);
            var (used, held) = (stored?.Used(limit, now) ?? 0, stored?.Held ?? 0);
            if (expected > limit.Amount)
                verdict.Break("overspent", $"{limit.Id} from {start:u}: {expected} in the ledgers > {limit.Amount}");
            Corrections += stored?.Slots.Count(slot => slot.IsCorrected) ?? 0;
            if (held > 0 && expected <= used + held && !limit.Rolling && start < limit.StartOf(reclaimedAt - limit.Window))
            {
                Unseeable++;
                continue;
            }

            if (used != expected)
                verdict.Break("drift", $"{limit.Id} from {start:u}: {used} used in the store, {expected} in the ledgers");
            if (held != 0)
                verdict.Break("leaked", $"{limit.Id} from {start:u}: {held} held by {string.Join(", ", stored!.Slots.Where(s => s.Held != 0).Select(s => s.Replica))}");
        }
    }

    private static bool Concerns(TestedLimit limit, LedgerLine entry) =>
        limit.Scope == "key" ? entry.KeyId == limit.Owner : entry.KeyId == "chaos";

    private static long BucketOf(TestedLimit limit, DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / limit.Bucket.Ticks;
}
