using Chaos.Load;
using Chaos.Processes;

namespace Chaos.Judging;

/// <summary>After the storm: leases come back, and the whole allowance of a new window can be used.</summary>
internal sealed class Recovery(Cluster cluster, ReplyBook book, Accounting accounting, Verdict verdict)
{
    private const string Text = "use it up";
    private const int Output = 8;

    // A request of this text takes at most so much; the wire's own bytes are counted with it before it is sent.
    private const long MostTokens = 160;
    private const long MostNanoUsd = MostTokens * 100 + Output * 400;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Replies that the new window gave before a budget was used up.</summary>
    public int Refilled { get; private set; }

    /// <summary>Lets every replica settle what its earlier lives held, and uses the allowance of a new window up.</summary>
    public async Task RunAsync()
    {
        using var caller = new Caller();
        foreach (var replica in cluster.Replicas)
            book.Note(await caller.AskAsync(replica.Address, Hierarchy.Key, false, Text, Output));
        await WaitForLeasesAsync();
        await accounting.ReclaimAsync();

        // Three hours on nothing counts any more: the longest window has two, and a rolling one forgets within one.
        cluster.Clock.MoveBy(cluster.Clock.Until(TimeSpan.Zero) + TimeSpan.FromHours(2));
        await UseUpAsync(caller);
        await WaitForLeasesAsync();
    }

    /// <summary>Waits until nothing of the present windows is held any more. What stays is found by <see cref="Reconciliation"/>.</summary>
    public async Task WaitForLeasesAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!limit.IsCancellationRequested && await HeldAsync() > 0)
            await Task.Delay(100, CancellationToken.None);
    }

    private async Task UseUpAsync(Caller caller)
    {
        var tried = 0;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        for (var i = 0; !limit.IsCancellationRequested; i++)
        {
            var reply = book.Note(await caller.AskAsync(cluster.Replicas[i % cluster.Replicas.Count].Address, Hierarchy.Key, false, Text, Output));
            switch (reply.Kind)
            {
                case ReplyKind.Ok:
                    (Refilled, tried) = (Refilled + 1, 0);
                    break;
                case ReplyKind.Exhausted:
                    await WaitForLeasesAsync();
                    if (await LeftAsync() is { } left)
                        verdict.Break("refused falsely", $"{reply.Id} was refused for good while there was left: {left}");
                    return;
                default:
                    // What others hold comes back within seconds, and the rate's window within ten.
                    if (++tried > 200)
                        verdict.Break("refused falsely", $"{reply.Id} is still {reply.Kind} after {tried} tries in a row");
                    if (tried > 200)
                        return;
                    await Task.Delay(200, CancellationToken.None);
                    break;
            }
        }

        verdict.Break("refused falsely", $"the allowance was not used up within 2 min, after {Refilled} replies");
    }

    /// <summary>What is left of each budget, when the request would fit every one of them; otherwise null.</summary>
    private async Task<string?> LeftAsync()
    {
        var left = new List<string>();
        var now = cluster.Clock.Now;
        foreach (var limit in Hierarchy.Tight.Where(limit => !limit.IsRate))
        {
            var stored = StoredLimit.Read(await cluster.Peek.GetAsync(limit.KeyOf(limit.StartOf(now))));
            var rest = limit.Amount - (stored?.Used(limit, now) ?? 0);
            if (rest < limit.Unit switch { "usd" => MostNanoUsd, "tokens" => MostTokens, _ => 1 })
                return null;
            left.Add($"{rest} of {limit.Id}");
        }

        return string.Join(", ", left);
    }

    private async Task<long> HeldAsync()
    {
        var held = 0L;
        var now = cluster.Clock.Now;
        foreach (var limit in Hierarchy.Budgets)
            held += StoredLimit.Read(await cluster.Peek.GetAsync(limit.KeyOf(limit.StartOf(now))))?.Held ?? 0;
        return held;
    }
}
