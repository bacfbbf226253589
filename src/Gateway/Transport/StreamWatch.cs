namespace Gateway.Transport;

/// <summary>
/// Keeps the time limits of one streamed exchange with a single timer. Reads only note when they begin and end; the timer looks at
/// the notes when it fires and re-arms itself, so an event costs a timestamp and not a timer change.
/// </summary>
internal sealed class StreamWatch : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeoutPolicy _policy;
    private readonly CancellationTokenSource _source;
    private readonly long _began;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private Func<bool>? _keepAlive;
    private bool _waiting = true; // for the upstream
    private long _since;          // what the current limit counts from
    private long _paused;         // when the last wait ended; the time the client takes to read is not the upstream's
    private long _lastSent;
    private WatchExpiry _phase = WatchExpiry.FirstToken;
    private WatchExpiry _expired;
    private bool _disposed;

    /// <param name="time">Clock and timers.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="began">When the whole exchange began, as <see cref="TimeProvider.GetTimestamp"/>: the total limit counts from there.</param>
    /// <param name="attemptBegan">When this attempt began: the first-token limit counts from there.</param>
    /// <param name="clientGone">Cancelled when the client leaves.</param>
    public StreamWatch(TimeProvider time, TimeoutPolicy policy, long began, long attemptBegan, CancellationToken clientGone)
    {
        _time = time;
        _policy = policy;
        _began = began;
        _since = attemptBegan;
        _lastSent = began;
        _source = CancellationTokenSource.CreateLinkedTokenSource(clientGone);
        _timer = time.CreateTimer(static state => ((StreamWatch)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    /// <summary>Cancelled when a limit runs out or the client leaves.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Which limit ran out, if any.</summary>
    public WatchExpiry Expired { get { lock (_lock) return _expired; } }

    /// <summary>What to call when a keep-alive is due: returns false when it could not be sent now. It must not block.</summary>
    public void OnKeepAlive(Func<bool> keepAlive)
    {
        lock (_lock)
            _keepAlive = keepAlive;
        Arm();
    }

    /// <summary>A read of the upstream begins.</summary>
    /// <param name="afterEvent">True when a whole event came since the last read: only that restarts the idle limit, single bytes do not.</param>
    public void BeginWait(bool afterEvent)
    {
        if (Volatile.Read(ref _waiting))
            return; // the first read goes on with the wait for the answer
        var now = _time.GetTimestamp();
        Volatile.Write(ref _since, afterEvent && _phase == WatchExpiry.Idle ? now : _since + (now - Math.Max(_paused, _since)));
        Volatile.Write(ref _waiting, true);
    }

    /// <summary>A read of the upstream ended.</summary>
    public void EndWait()
    {
        Volatile.Write(ref _paused, _time.GetTimestamp());
        Volatile.Write(ref _waiting, false);
    }

    /// <summary>Bytes went to the client.</summary>
    public void Sent() => Volatile.Write(ref _lastSent, _time.GetTimestamp());

    /// <summary>Moves on to another limit on waiting: after the first content, and after the finish.</summary>
    public void Enter(WatchExpiry phase)
    {
        lock (_lock)
        {
            _phase = phase;
            _since = _time.GetTimestamp();
        }

        Arm();
    }

    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        _timer.Dispose();
        _source.Dispose();
    }

    private void Arm()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            var due = NextDue(_time.GetTimestamp());
            _timer.Change(due < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : due, Timeout.InfiniteTimeSpan);
        }
    }

    private TimeSpan NextDue(long now)
    {
        var due = _policy.Total - _time.GetElapsedTime(_began, now);
        if (Volatile.Read(ref _waiting))
        {
            due = Min(due, Limit - _time.GetElapsedTime(Volatile.Read(ref _since), now));
            return _keepAlive is null ? due : Min(due, KeepAliveDue(now));
        }

        // Not waiting now: look again after the shortest time in which a wait could run out, or the client be owed a sign of life.
        due = Min(due, Limit - Max(TimeSpan.Zero, _time.GetElapsedTime(Volatile.Read(ref _since), Volatile.Read(ref _paused))));
        if (_keepAlive is null)
            return due;
        var sign = KeepAliveDue(now);
        return Min(due, sign > TimeSpan.Zero ? sign : _policy.KeepAliveInterval);
    }

    private TimeSpan Limit => _phase switch
    {
        WatchExpiry.FirstToken => _policy.FirstToken,
        WatchExpiry.FinishGrace => _policy.FinishGrace,
        _ => _policy.Idle,
    };

    private TimeSpan KeepAliveDue(long now)
    {
        var last = Volatile.Read(ref _lastSent);
        var interval = last == _began ? _policy.KeepAliveHold : _policy.KeepAliveInterval;
        return interval - _time.GetElapsedTime(last, now);
    }

    private void Tick()
    {
        Func<bool>? keepAlive = null;
        var expired = false;
        lock (_lock)
        {
            if (_disposed || _expired != WatchExpiry.None)
                return;
            var now = _time.GetTimestamp();
            var waiting = Volatile.Read(ref _waiting);
            if (_time.GetElapsedTime(_began, now) >= _policy.Total)
                _expired = WatchExpiry.Total;
            else if (waiting && _time.GetElapsedTime(Volatile.Read(ref _since), now) >= Limit)
                _expired = _phase;
            else if (waiting && KeepAliveDue(now) <= TimeSpan.Zero)
                keepAlive = _keepAlive;
            expired = _expired != WatchExpiry.None;
        }

        if (expired)
        {
            Cancel();
            return;
        }

        if (keepAlive is not null && keepAlive())
            Sent();
        else if (keepAlive is not null)
            Volatile.Write(ref _lastSent, _time.GetTimestamp()); // the relay is busy writing: that serves as well
        Arm();
    }

    private void Cancel()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The exchange ended in the same instant.
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
