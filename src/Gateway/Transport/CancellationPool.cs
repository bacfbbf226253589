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
    private readonly Stack<CancellationTokenSource> _idle = [];

    /// <summary>A source that is cancelled when the time is up.</summary>
    /// <param name="limit">How long that is, ≥ 0; it may be changed meanwhile.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The source, until the lease is disposed. Nobody else may cancel it later.</returns>
    public Lease Rent(TimeSpan limit, TimeProvider time)
    {
        CancellationTokenSource? source = null;
        if (time == TimeProvider.System)
        {
            lock (_gate)
                _idle.TryPop(out source);
        }

        if (source is null)
            return new Lease(this, new CancellationTokenSource(limit, time));
        source.CancelAfter(limit);
        return new Lease(this, source);
    }

    private void Return(CancellationTokenSource source)
    {
        // It is told whether its timer has gone off, or may yet: then, or cancelled, or with another clock's timer, it is not used again.
        if (source.TryReset())
        {
            lock (_gate)
            {
                if (_idle.Count < MostIdle)
                {
                    _idle.Push(source);
                    return;
                }
            }
        }

        source.Dispose();
    }

    /// <summary>One use of a source.</summary>
    internal readonly struct Lease(CancellationPool pool, CancellationTokenSource source) : IDisposable
    {
        /// <summary>The source.</summary>
        public CancellationTokenSource Source { get; } = source;

        public void Dispose() => pool.Return(Source);
    }
}
