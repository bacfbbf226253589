using System.Collections.Concurrent;
using Gateway.Events;

namespace Gateway.Jobs.Usage;

/// <summary>
/// Tells a publisher what became of its events, where the bus is in this process and keeps nothing: there an event is only safe once it has been dealt with.
/// </summary>
internal sealed class UsageReceipts
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);

    /// <summary>Awaits an event; to be called before it is published.</summary>
    /// <returns>Completes when it has been dealt with, or can't ever be.</returns>
    public Task Expect(string id) => _awaited.GetOrAdd(id, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Awaits it no longer.</summary>
    public void Forget(string id) => _awaited.TryRemove(id, out _);

    /// <summary>A handler that tells.</summary>
    public Func<BusEvent, CancellationToken, Task<EventVerdict>> Around(Func<BusEvent, CancellationToken, Task<EventVerdict>> handler) =>
        async (happened, cancellation) =>
        {
            var verdict = await handler(happened, cancellation).ConfigureAwait(false);
            if (verdict != EventVerdict.Retry && _awaited.TryRemove(happened.Id, out var awaited))
                awaited.TrySetResult();
            return verdict;
        };
}
