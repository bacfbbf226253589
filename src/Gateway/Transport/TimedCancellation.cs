namespace Gateway.Transport;

/// <summary>
/// A cancellation source with a time limit that serves one call after another. Its timer is left as it is when a limit moves on: it looks when it goes off
/// whether the time is up, and if not waits for the rest. So a limit that is set for each call and hardly ever reached costs no timer change.
/// </summary>
internal sealed class TimedCancellation : IDisposable
{
    private const long Never = long.MaxValue;

    /// <summary>A timer counts whole milliseconds, and so may go off somewhat too soon.</summary>
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _due = Never;   // when the time is up; never while nobody uses it
    private long _alarm = Never; // when the timer goes off: no later than that
    private bool _isUp;

    /// <param name="gate">What all members but <see cref="Source"/> and <see cref="Dispose"/> are called under.</param>
    /// <param name="time">The clock.</param>
    public TimedCancellation(Lock gate, TimeProvider time)
    {
        (_gate, _time) = (gate, time);
        // It outlives the call: nothing of the call's context is to go with it.
        var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        _timer = time.CreateTimer(static timed => ((TimedCancellation)timed!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        flow.Dispose();
    }

    /// <summary>The source.</summary>
    public CancellationTokenSource Source { get; } = new();

    /// <summary>Has the source cancelled when a time is up, instead of any set before.</summary>
    /// <param name="now">When the time begins, as <see cref="TimeProvider.GetTimestamp"/>: hardly ago.</param>
    /// <param name="limit">How long it is, ≥ 0.</param>
    public void Limit(long now, TimeSpan limit)
    {
        _due = now + (long)(limit.TotalSeconds * _time.TimestampFrequency);
        if (_due < _alarm)
            SetAlarm(limit);
    }

    /// <summary>Ends a use.</summary>
    /// <returns>Whether there may be another: nothing has cancelled the source, or will.</returns>
    public bool TryEnd()
    {
        _due = Never;
        return !_isUp && Source.TryReset();
    }

    /// <summary>Gives it up. The source holds nothing of the system's, and may be being cancelled just now.</summary>
    public void Dispose() => _timer.Dispose();

    private void Ring()
    {
        lock (_gate)
        {
            _alarm = Never;
            if (_due == Never)
                return;
            var left = _time.GetElapsedTime(_time.GetTimestamp(), _due);
            if (left > TimeSpan.Zero)
            {
                SetAlarm(left < ShortestRest ? ShortestRest : left);
                return;
            }

            _isUp = true;
        }

        Source.Cancel();
    }

    private void SetAlarm(TimeSpan wait)
    {
        _alarm = _due;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
