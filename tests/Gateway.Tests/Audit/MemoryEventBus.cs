using System.Threading.Channels;
using Gateway.Events;

namespace Gateway.Tests.Audit;

/// <summary>Keeps what is published.</summary>
internal sealed class MemoryEventBus : IEventBus
{
    private readonly Channel<(string Topic, BusEvent Event)> _published = Channel.CreateUnbounded<(string, BusEvent)>();

    public bool Unavailable { get; set; }

    /// <summary>The next thing published.</summary>
    public Task<(string Topic, BusEvent Event)> NextAsync() => _published.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Whether there is more.</summary>
    public bool HasMore => _published.Reader.TryPeek(out _);

    public Task PublishAsync(string topic, IReadOnlyList<BusEvent> events, CancellationToken cancellation = default)
    {
        if (Unavailable)
            throw new EventBusUnavailableException("The scripted bus is away.");
        foreach (var happened in events)
            _published.Writer.TryWrite((topic, happened));
        return Task.CompletedTask;
    }

    public IAsyncDisposable Subscribe(string topic, Func<BusEvent, CancellationToken, Task<EventVerdict>> handler) => throw new NotSupportedException();
}
