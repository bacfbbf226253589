namespace Gateway.Events;

/// <summary>Publishes to those who listen, at least once: Dapr pub/sub, or subscribers in this process when embedded.</summary>
internal interface IEventBus
{
    /// <summary>Publishes; when it completes the bus has every event.</summary>
    /// <exception cref="EventBusUnavailableException">The bus did not take all of them: publish all again, receivers know them by id.</exception>
    Task PublishAsync(string topic, IReadOnlyList<BusEvent> events, CancellationToken cancellation = default);

    /// <summary>Hands each event of a topic to a handler until the returned handle is disposed. Events may come twice and in any order.</summary>
    /// <param name="topic">See <see cref="Topics"/>.</param>
    /// <param name="handler">Called one event at a time per subscription; see <see cref="EventVerdict"/>. What it throws counts as <see cref="EventVerdict.Retry"/>.</param>
    IAsyncDisposable Subscribe(string topic, Func<BusEvent, CancellationToken, Task<EventVerdict>> handler);
}
