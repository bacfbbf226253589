namespace Gateway.Metering;

/// <summary>A flag that one loop waits for and anyone may raise. Raising a raised flag costs one read.</summary>
internal sealed class AsyncSignal
{
    private volatile TaskCompletionSource _raised = New();

    /// <summary>Raises the flag.</summary>
    public void Raise()
    {
        // The state was written before: it must be visible to a loop that lowers the flag after it is read here.
        Interlocked.MemoryBarrier();
        var raised = _raised;
        if (!raised.Task.IsCompleted)
            raised.TrySetResult();
    }

    /// <summary>Lowers the flag. Look at the state it stands for afterwards, not before.</summary>
    public void Lower()
    {
        if (_raised.Task.IsCompleted)
            _raised = New();
        // The flag must be down before the state is read, or a raise in between is lost.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Waits until the flag is up.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _raised.Task.WaitAsync(cancellation);

    /// <summary>Waits until the flag is up or this much time has passed; then the flag is up either way.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = time.CreateTimer(static signal => ((AsyncSignal)signal!).Raise(), this, atMost, Timeout.InfiniteTimeSpan);
        await WaitAsync(cancellation).ConfigureAwait(false);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
