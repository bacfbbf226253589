namespace Gateway.State.Dapr;

/// <summary>
/// Keeps callers from waiting for a sidecar that is away: after some failures in a row calls are refused for a rest, then one goes through to see
/// whether it is back. Written out because a rest, a count and one probe are all there is to it.
/// </summary>
/// <param name="failuresToRest">Failures in a row that begin a rest, at least 1.</param>
/// <param name="rest">How long it is.</param>
/// <param name="time">The clock.</param>
internal sealed class CallBreaker(int failuresToRest, TimeSpan rest, TimeProvider time)
{
    private readonly Lock _lock = new();
    private int _inARow;
    private long _failures;
    private long _restsSince;
    private bool _probing;

    /// <summary>False from the first failure of a row until the next success.</summary>
    public bool IsWell => Volatile.Read(ref _inARow) == 0;

    /// <summary>Failures so far.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Whether a call may go out. Who gets true ends with one of the other methods.</summary>
    public bool TryEnter()
    {
        if (Volatile.Read(ref _inARow) < failuresToRest)
            return true;
        lock (_lock)
        {
            if (_inARow < failuresToRest)
                return true;
            if (_probing || time.GetElapsedTime(_restsSince) < rest)
                return false;
            _probing = true;
            return true;
        }
    }

    /// <summary>The call was answered.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _inARow) == 0)
            return;
        lock (_lock)
            (_inARow, _probing) = (0, false);
    }

    /// <summary>The call was not answered, or only that the store is away.</summary>
    public void Failed()
    {
        Interlocked.Increment(ref _failures);
        lock (_lock)
        {
            _inARow++;
            _restsSince = time.GetTimestamp();
            _probing = false;
        }
    }

    /// <summary>The caller left before there was an answer: nothing has been learnt.</summary>
    public void Left()
    {
        lock (_lock)
            _probing = false;
    }
}
