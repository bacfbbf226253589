using Chaos.Processes;

namespace Chaos.Load;

/// <summary>Concurrent clients that ask whichever replica answers, now and then hang up, and never give up.</summary>
internal sealed class Crowd(IReadOnlyList<Replica> replicas, ReplyBook book, int clients, int seed)
{
    private const string Words = "count what this costs and never more than that ";

    /// <summary>Asks until told to stop. Completes when every client has its last answer.</summary>
    public async Task RunAsync(string key, CancellationToken stop)
    {
        using var caller = new Caller();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(i => AskAsync(caller, key, new Random((seed * 997) + i), stop)));
    }

    private async Task AskAsync(Caller caller, string key, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var replica = replicas[random.Next(replicas.Count)];
            using var leaves = new CancellationTokenSource();
            if (random.Next(25) == 0)
                leaves.CancelAfter(random.Next(1, 40));
            var text = string.Concat(Enumerable.Repeat(Words, random.Next(1, 4))).TrimEnd();
            var reply = book.Note(await caller.AskAsync(replica.Address, key, random.Next(2) == 0, text, random.Next(4, 25), leaves: leaves.Token));
            if (reply.Kind is not (ReplyKind.Ok or ReplyKind.Left))
                await Task.Delay(random.Next(20, 80), CancellationToken.None);
        }
    }
}
