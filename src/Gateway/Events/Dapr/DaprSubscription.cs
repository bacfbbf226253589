namespace Gateway.Events.Dapr;

/// <summary>A handler of a topic, called for one event at a time.</summary>
internal sealed class DaprSubscription(DaprEventBus bus, string topic, Func<BusEvent, CancellationToken, Task<EventVerdict>> handler) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private bool _ended;

    /// <summary>The topic.</summary>
    public string Topic => topic;

    /// <summary>Hands an event over.</summary>
    public async Task<EventVerdict> HandleAsync(BusEvent e, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return _ended ? EventVerdict.Retry : await handler(e, cancellation).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return EventVerdict.Retry;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes no more events; completes when the last one has been handled.</summary>
    public async ValueTask DisposeAsync()
    {
        bus.Remove(this);
        await _turn.WaitAsync().ConfigureAwait(false);
        _ended = true;
        _turn.Release();
    }
}
