using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Gateway.Events.Embedded;

/// <summary>
/// The event bus of a gateway that is one process: every subscription of a topic gets every event published while it is there. Nothing is kept on disk: what must
/// not be lost lies in the ledger or the journal, and is published again from there.
/// </summary>
/// <param name="time">The clock of waits.</param>
/// <param name="logger">Says what was lost.</param>
/// <param name="options">How it runs; null: the defaults.</param>
internal sealed partial class InProcessEventBus(TimeProvider time, ILogger logger, InProcessBusOptions? options = null) : IEventBus, IAsyncDisposable
{
    private readonly InProcessBusOptions _options = options ?? new InProcessBusOptions();
    private ImmutableArray<InProcessSubscription> _subscriptions = [];
    private volatile bool _closed;

    /// <inheritdoc/>
    public async Task PublishAsync(string topic, IReadOnlyList<BusEvent> events, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_closed)
            throw new EventBusUnavailableException("The event bus is closed.");
        await OfferAsync(topic, events, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IAsyncDisposable Subscribe(string topic, Func<BusEvent, CancellationToken, Task<EventVerdict>> handler)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        var subscription = new InProcessSubscription(this, topic, handler, _options, time);
        ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Add(one), subscription);
        return subscription;
    }

    /// <summary>Takes no more events, and hands over those that wait; those that nobody could deal with still reach their dead letters.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        var left = _subscriptions;
        await EndAsync(left.Where(subscription => !IsDeadLetters(subscription.Topic))).ConfigureAwait(false);
        await EndAsync(left.Where(subscription => IsDeadLetters(subscription.Topic))).ConfigureAwait(false);
    }

    /// <summary>Puts an event among the dead letters of its topic.</summary>
    internal async Task BuryAsync(BusEvent happened, string topic)
    {
        try
        {
            if (!IsDeadLetters(topic) && await OfferAsync(Topics.DeadLetters(topic), [happened], CancellationToken.None).ConfigureAwait(false))
                LogBuried(happened.Id, happened.Type, topic);
            else
                LogLost(happened.Id, happened.Type, topic);
        }
        catch (EventBusUnavailableException)
        {
            LogLost(happened.Id, happened.Type, topic);
        }
    }

    /// <summary>Forgets a subscription that ends.</summary>
    internal void Remove(InProcessSubscription subscription) =>
        ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Remove(one), subscription);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {Id} ({Type}) of {Topic} was given up and is lost.")]
    internal partial void LogLost(string id, string type, string topic);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The handler of event {Id} ({Type}) of {Topic} failed.")]
    internal partial void LogThrew(string id, string type, string topic, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {Id} ({Type}) of {Topic} could not be dealt with and is among the dead letters.")]
    private partial void LogBuried(string id, string type, string topic);

    private static bool IsDeadLetters(string topic) => topic.EndsWith(Topics.DeadLetterSuffix, StringComparison.Ordinal);

    private static async Task EndAsync(IEnumerable<InProcessSubscription> subscriptions)
    {
        foreach (var ended in subscriptions.Select(subscription => subscription.DisposeAsync().AsTask()).ToList())
            await ended.ConfigureAwait(false);
    }

    /// <returns>Whether anybody listens.</returns>
    private async Task<bool> OfferAsync(string topic, IReadOnlyList<BusEvent> events, CancellationToken cancellation)
    {
        var heard = false;
        foreach (var subscription in _subscriptions)
        {
            if (subscription.Topic != topic)
                continue;
            heard = true;
            for (var i = 0; i < events.Count; i++)
                await subscription.OfferAsync(events[i], cancellation).ConfigureAwait(false);
        }

        return heard;
    }
}
