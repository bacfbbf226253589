using System.Threading.Tasks.Sources;

namespace Gateway.Metering;

/// <summary>An appender that waits for another one to write its line. Reused, so that waiting allocates nothing.</summary>
internal sealed class SpoolWaiter(SpoolWaiterPool pool) : IValueTaskSource<long>
{
    // Continuations leave the writing thread: it has the next batch to write.
    private ManualResetValueTaskSourceCore<long> _core = new() { RunContinuationsAsynchronously = true };
    private long _sequence;

    /// <summary>Begins a wait for this sequence.</summary>
    public ValueTask<long> Begin(long sequence)
    {
        _sequence = sequence;
        return new ValueTask<long>(this, _core.Version);
    }

    /// <summary>Ends the wait: the line is durable, or it is not.</summary>
    public void Complete(Exception? error)
    {
        if (error is null)
            _core.SetResult(_sequence);
        else
            _core.SetException(error);
    }

    /// <inheritdoc/>
    public long GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            pool.Return(this);
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
