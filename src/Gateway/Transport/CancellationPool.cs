namespace Gateway.Transport;

/// <summary>
/// Cancellation sources with a time limit that serve one call after another: a new one, its timer and what calls register on it are four objects each time.
/// Safe for any number of threads.
/// </summary>
internal sealed class CancellationPool
{
    /// <summary>Sources kept while nobody uses them.</summary>
    public const int MostIdle = 256;

    private readonly Lock _gate = new();
    private readonly Stack<TimedCancellation> _idle = [];

    /// <summary>A source that is cancelled when the time is up.</summary>
    /// <param name="now">When the time begins, as <see cref="TimeProvider.GetTimestamp"/>: hardly ago.</param>
    /// <param name="limit">How long that is, ≥ 0; it may be changed meanwhile.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The source, until the lease is disposed. Nobody else may cancel it later.</returns>
    public Lease Rent(long now, TimeSpan limit, TimeProvider time)
    {
        lock (_gate)
        {
            if (time != TimeProvider.System || !_idle.TryPop(out var timed))
                timed = new TimedCancellation(_gate, time);
            timed.Limit(now, limit);
            return new Lease(this, timed, time == TimeProvider.System);
        }
    }

    private void Return(TimedCancellation timed, bool isPooled)
    {
        lock (_gate)
        {
            if (timed.TryEnd() && isPooled && _idle.Count < MostIdle)
            {
                _idle.Push(timed);
                return;
            }
        }

        timed.Dispose();
    }

    private void Limit(TimedCancellation timed, long now, TimeSpan limit)
    {
        lock (_gate)
            timed.Limit(now, limit);
    }

    /// <summary>One use of a source.</summary>
    internal readonly struct Lease(CancellationPool pool, TimedCancellation timed, bool isPooled) : IDisposable
    {
        /// <summary>The source.</summary>
        public CancellationTokenSource Source => timed.Source;

        /// <summary>Cancelled with <see cref="Source"/>.</summary>
        public CancellationToken Token => timed.Source.Token;

        /// <inheritdoc cref="TimedCancellation.Limit"/>
        public void Limit(long now, TimeSpan limit) => pool.Limit(timed, now, limit);

        public void Dispose() => pool.Return(timed, isPooled);
    }
}
