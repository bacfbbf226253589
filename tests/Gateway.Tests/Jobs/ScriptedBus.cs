using System.Collections.Concurrent;
using Gateway.Events;
using Gateway.Metering;

namespace Gateway.Tests.Jobs;

/// <summary>Keeps the usage that is published, and may be away.</summary>
internal sealed class ScriptedBus : IEventBus
{
    private readonly ConcurrentQueue<BusEvent> _events = [];

    public volatile bool Unavailable;

    public volatile bool LoseNextAnswer;

    public IReadOnlyList<BusEvent> Events => [.. _events];

    public IReadOnlyList<UsageBatch> Batches => [.. _events.Select(happened => UsageJson.TryRead(happened.Json.Span)!)];

    public Task PublishAsync(string topic, IReadOnlyList<BusEvent> events, CancellationToken cancellation = default)
    {
        if (Unavailable)
            throw new EventBusUnavailableException("The scripted bus is away.");
        foreach (var happened in events)
            _events.Enqueue(happened);
        if (!LoseNextAnswer)
            return Task.CompletedTask;
        LoseNextAnswer = false;
        throw new EventBusUnavailableException("The scripted bus took it, but its answer is lost.");
    }

    public IAsyncDisposable Subscribe(string topic, Func<BusEvent, CancellationToken, Task<EventVerdict>> handler) => throw new NotSupportedException();
}
