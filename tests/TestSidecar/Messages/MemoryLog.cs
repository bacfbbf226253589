using System.Threading.Channels;

namespace TestSidecar.Messages;

/// <summary>Events in memory: a list of all for each topic, and a queue for each group of it.</summary>
internal sealed class MemoryLog : IMessageLog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<PendingEvent>> _topics = [];
    private readonly Dictionary<(string Topic, string Group), Channel<PendingEvent>> _queues = [];

    public Task AppendAsync(string topic, IReadOnlyList<CloudEvent> events)
    {
        lock (_lock)
        {
            foreach (var pending in events.Select(e => new PendingEvent(e.Id, e.Json)))
            {
                Topic(topic).Add(pending);
                foreach (var (key, queue) in _queues)
                    _ = key.Topic == topic && queue.Writer.TryWrite(pending);
            }
        }

        return Task.CompletedTask;
    }

    public Task OpenAsync(string group, string topic)
    {
        lock (_lock)
        {
            var queue = Channel.CreateUnbounded<PendingEvent>();
            if (_queues.TryAdd((topic, group), queue))
                Topic(topic).ForEach(pending => queue.Writer.TryWrite(pending));
        }

        return Task.CompletedTask;
    }

    public async Task<PendingEvent> NextAsync(string group, string topic, CancellationToken cancellation) => await Queue(group, topic).Reader.ReadAsync(cancellation);

    public Task AcknowledgeAsync(string group, string topic, PendingEvent pending) => Task.CompletedTask;

    public Task ReturnAsync(string group, string topic, PendingEvent pending)
    {
        Queue(group, topic).Writer.TryWrite(pending);
        return Task.CompletedTask;
    }

    private Channel<PendingEvent> Queue(string group, string topic)
    {
        lock (_lock)
            return _queues[(topic, group)];
    }

    private List<PendingEvent> Topic(string topic)
    {
        if (!_topics.TryGetValue(topic, out var events))
            _topics[topic] = events = [];
        return events;
    }
}
