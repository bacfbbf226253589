using System.Threading.Channels;

namespace Gateway.Events.Embedded;

/// <summary>
/// One handler and its queue. An event that is to be tried again holds up those behind it, so that order is kept and the queue's bound holds for everything.
/// </summary>
internal sealed class InProcessSubscription : IAsyncDisposable
{
    private readonly Func<BusEvent, CancellationToken, Task<EventVerdict>> _handler;
    private readonly InProcessEventBus _bus;
    private readonly InProcessBusOptions _options;
    private readonly TimeProvider _time;
    private readonly Channel<BusEvent> _queue;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _abort;
    private readonly Task _loop;

    public InProcessSubscription(
        InProcessEventBus bus, string topic, Func<BusEvent, CancellationToken, Task<EventVerdict>> handler, InProcessBusOptions options, TimeProvider time)
    {
        (_bus, Topic, _handler, _options, _time) = (bus, topic, handler, options, time);
        _queue = Channel.CreateBounded<BusEvent>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });
        _abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _loop = RunAsync();
    }

    /// <summary>What it listens to.</summary>
    public string Topic { get; }

    /// <summary>Queues an event; waits for room. Does nothing once the subscription ends.</summary>
    /// <exception cref="EventBusUnavailableException">There was no room in time.</exception>
    public async ValueTask OfferAsync(BusEvent happened, CancellationToken cancellation)
    {
        if (_queue.Writer.TryWrite(happened))
            return;
        using var limit = new CancellationTokenSource(_options.PublishLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await _queue.Writer.WriteAsync(happened, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new EventBusUnavailableException($"A subscriber of {Topic} is {_options.Capacity} events behind.");
        }
        catch (ChannelClosedException)
        {
            // Nobody listens any more.
        }
    }

    /// <summary>Takes no more events and hands over those that wait, without pauses between tries. Not to be awaited by its own handler.</summary>
    public async ValueTask DisposeAsync()
    {
        _bus.Remove(this);
        if (!_queue.Writer.TryComplete())
        {
            await _loop.ConfigureAwait(false);
            return;
        }

        _abort.CancelAfter(_options.DrainLimit);
        await _ending.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _ending.Dispose();
        _abort.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var happened in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (_abort.IsCancellationRequested)
                _bus.LogLost(happened.Id, happened.Type, Topic);
            else
                await DeliverAsync(happened).ConfigureAwait(false);
        }
    }

    private async Task DeliverAsync(BusEvent happened)
    {
        for (var tried = 1; ; tried++)
        {
            var verdict = await HandleAsync(happened).ConfigureAwait(false);
            if (verdict == EventVerdict.Done)
                return;
            if (verdict == EventVerdict.Poison || tried == _options.Tries || _abort.IsCancellationRequested)
            {
                await _bus.BuryAsync(happened, Topic).ConfigureAwait(false);
                return;
            }

            await Task.Delay(_options.BackoffAfter(tried), _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<EventVerdict> HandleAsync(BusEvent happened)
    {
        try
        {
            return await _handler(happened, _abort.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a handler throws is a reason to try again, never to stop delivering.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _bus.LogThrew(happened.Id, happened.Type, Topic, e);
            return EventVerdict.Retry;
        }
    }
}
