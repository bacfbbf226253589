namespace Gateway.Metering;

/// <summary>Idle waiters; a bounded number is kept.</summary>
internal sealed class SpoolWaiterPool
{
    private const int Kept = 1_024;

    private readonly Stack<SpoolWaiter> _idle = new();
    private readonly Lock _gate = new();

    /// <summary>A waiter of one's own.</summary>
    public SpoolWaiter Rent()
    {
        lock (_gate)
        {
            return _idle.TryPop(out var waiter) ? waiter : new SpoolWaiter(this);
        }
    }

    /// <summary>Gives a waiter back.</summary>
    public void Return(SpoolWaiter waiter)
    {
        lock (_gate)
        {
            if (_idle.Count < Kept)
                _idle.Push(waiter);
        }
    }
}
