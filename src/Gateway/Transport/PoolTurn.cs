using System.Runtime.CompilerServices;

namespace Gateway.Transport;

/// <summary>
/// Await it to go on behind everything that the thread pool has been given so far. A flush hands its bytes to the server's sender, which is
/// work for the pool: without this it would often begin only when the thread that flushed has nothing more to do.
/// (<see cref="Task.Yield"/> would not do: it goes on in front of the queue.)
/// </summary>
internal readonly struct PoolTurn : ICriticalNotifyCompletion
{
    /// <summary>Never: that is what it is for.</summary>
    public bool IsCompleted => false;

    public PoolTurn GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static next => next(), continuation, preferLocal: false);

    public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static next => next(), continuation, preferLocal: false);
}
