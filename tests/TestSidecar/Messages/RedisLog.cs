using System.Collections.Concurrent;
using StackExchange.Redis;

namespace TestSidecar.Messages;

/// <summary>Events in Redis streams, one for each topic, with Redis' own consumer groups: they outlive the sidecar.</summary>
/// <param name="database">The database.</param>
/// <param name="prefix">What the streams' keys begin with.</param>
internal sealed class RedisLog(IDatabase database, string prefix) : IMessageLog
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private const int AbandonedAfterMilliseconds = 2_000;

    private readonly string _consumer = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<(string Topic, string Group), ConcurrentQueue<PendingEvent>> _returned = new();

    public Task AppendAsync(string topic, IReadOnlyList<CloudEvent> events) =>
        Task.WhenAll(events.Select(e => database.StreamAddAsync(Key(topic), "data", e.Json)));

    public async Task OpenAsync(string group, string topic)
    {
        try
        {
            await database.StreamCreateConsumerGroupAsync(Key(topic), group, "0-0", createStream: true);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            // It has been made before.
        }
    }

    public async Task<PendingEvent> NextAsync(string group, string topic, CancellationToken cancellation)
    {
        while (true)
        {
            var entries = await database.StreamReadGroupAsync(Key(topic), group, _consumer, ">", count: 1);
            if (entries.Length > 0)
                return Pending(entries[0]);
            if (Returned(group, topic).TryDequeue(out var again))
                return again;
            var abandoned = await database.StreamAutoClaimAsync(Key(topic), group, _consumer, AbandonedAfterMilliseconds, "0-0", count: 1);
            if (abandoned.ClaimedEntries.Length > 0)
                return Pending(abandoned.ClaimedEntries[0]);
            await Task.Delay(Poll, cancellation);
        }
    }

    public Task AcknowledgeAsync(string group, string topic, PendingEvent pending) => database.StreamAcknowledgeAsync(Key(topic), group, pending.Position);

    public Task ReturnAsync(string group, string topic, PendingEvent pending)
    {
        Returned(group, topic).Enqueue(pending);
        return Task.CompletedTask;
    }

    private string Key(string topic) => $"{prefix}-events-{topic}";

    private ConcurrentQueue<PendingEvent> Returned(string group, string topic) => _returned.GetOrAdd((topic, group), static _ => new());

    private static PendingEvent Pending(StreamEntry entry) => new(entry.Id!, entry["data"]!);
}
