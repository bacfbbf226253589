using System.Numerics;

namespace Gateway.Routing.Health;

/// <summary>
/// Keeps requests from a target that fails. While it is closed a look at it is one read and a success next to nothing; changes take a lock.
/// What a call's outcome means is told by when the call began: calls from before it opened say nothing about it any more.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="random">Numbers of [0, 1), so that replicas don't try at the same moment.</param>
internal sealed class Circuit(TimeProvider time, Func<double> random)
{
    /// <summary>Failures one after the other that open it, while nothing succeeds beside them.</summary>
    public const int MostConsecutive = 3;

    /// <summary>Failures per call that open it, of at least <see cref="LeastCalls"/> in the window.</summary>
    public const double MostFailing = 0.5;

    /// <summary>Calls in the window before a ratio means anything.</summary>
    public const int LeastCalls = 20;

    /// <summary>From opening to the first trial, at most; twice as long after each trial that failed.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);

    /// <summary>Between two trials, at most: half of the time within which a recovery must be noticed.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <summary>Between two trials for requests that have nowhere else to go.</summary>
    public static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    /// <summary>After this long without an answer a trial no longer stands in the way of the next; it may still end well.</summary>
    public static readonly TimeSpan TrialLimit = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly long _second = time.TimestampFrequency;
    private volatile CircuitPhase _phase;
    private CircuitCause _cause;
    private long _openedAt = long.MinValue;
    private long _shutAt;       // when it opened, or a trial failed
    private long _dueAt;
    private long _trialAt;
    private long _suspectUntil = long.MinValue;
    private long _trips;
    private long _shuts;
    private int _failedTrials;
    private int _consecutive;
    private volatile bool _isOnProbation; // from a good trial until a call has come to a good end

    /// <summary>How it stands.</summary>
    public CircuitPhase Phase => _phase;

    /// <summary>Why it opened last.</summary>
    public CircuitCause Cause => _cause;

    /// <summary>How often it has opened.</summary>
    public long Trips => Volatile.Read(ref _trips);

    /// <summary>How often it has opened or a trial has failed.</summary>
    public long Shuts => Volatile.Read(ref _shuts);

    /// <summary>What keeps a request away now, or null.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="wait">Until the next trial is due; zero while nothing is known of that.</param>
    public SkipReason? Obstacle(long now, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        switch (_phase)
        {
            case CircuitPhase.Closed:
                return null;
            case CircuitPhase.HalfOpen:
                return now - Volatile.Read(ref _trialAt) < Ticks(TrialLimit) ? SkipReason.TrialUnderWay : null;
        }

        var due = Volatile.Read(ref _dueAt);
        if (now >= due)
            return null;
        wait = time.GetElapsedTime(now, due);
        return SkipReason.CircuitOpen;
    }

    /// <summary>Lets a call through; where it is not closed the call is its trial.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="insists">Whether the request has nowhere else to go: then it may try before a trial is due.</param>
    public SkipReason? TryEnter(long now, bool insists)
    {
        if (_phase == CircuitPhase.Closed)
            return null;
        lock (_gate)
        {
            switch (_phase)
            {
                case CircuitPhase.Open when now < _dueAt && !(insists && now - _shutAt >= Ticks(ShortestWait)):
                    return SkipReason.CircuitOpen;
                case CircuitPhase.HalfOpen when now - _trialAt < Ticks(TrialLimit):
                    return SkipReason.TrialUnderWay;
                case CircuitPhase.Closed:
                    return null;
            }

            Volatile.Write(ref _trialAt, now);
            _phase = CircuitPhase.HalfOpen;
            return null;
        }
    }

    /// <summary>The target answered a call.</summary>
    /// <param name="began">When the call began.</param>
    /// <param name="window">What became of calls lately; cleared when this closes the circuit.</param>
    public void Answered(long began, CallWindow window)
    {
        if (_phase == CircuitPhase.Closed)
        {
            if (Volatile.Read(ref _consecutive) != 0)
                Volatile.Write(ref _consecutive, 0);
            return;
        }

        lock (_gate)
        {
            if (_phase == CircuitPhase.Closed || !IsSinceOpening(began))
                return;
            Close(window);
            _isOnProbation = true;
        }
    }

    /// <summary>A call came to a good end.</summary>
    /// <param name="began">When the call began.</param>
    public void Ended(long began)
    {
        if (!_isOnProbation)
            return;
        lock (_gate)
        {
            if (_phase == CircuitPhase.Closed && IsSinceOpening(began))
                (_isOnProbation, _failedTrials) = (false, 0);
        }
    }

    /// <summary>A call failed, and the target is to blame.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="began">When the call began.</param>
    /// <param name="lately">What became of calls lately, this one among them.</param>
    public void Failed(long now, long began, CallCounts lately)
    {
        lock (_gate)
        {
            if (!IsSinceOpening(began))
                return;
            if (_phase == CircuitPhase.HalfOpen && IsTrial(began))
            {
                _failedTrials++;
                Shut(now);
            }

            if (_phase != CircuitPhase.Closed)
                return;
            _consecutive++;
            // Where much goes well, a few failures in a row are chance: the more calls, the longer the row must be.
            var row = MostConsecutive + (BitOperations.Log2((uint)Math.Max(0, lately.Calls - lately.Failures) + 1) / 2);
            if (_isOnProbation)
            {
                _failedTrials++;
                Open(now, CircuitCause.Relapse);
            }
            else if (now < _suspectUntil)
            {
                Open(now, CircuitCause.Suspected);
            }
            else if (_consecutive >= row)
            {
                Open(now, CircuitCause.Consecutive);
            }
            else if (lately.Calls >= LeastCalls && lately.FailureRatio >= MostFailing)
            {
                Open(now, CircuitCause.Ratio);
            }
        }
    }

    /// <summary>A call ended without saying anything about the target: if it was the trial, the next request may try.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="began">When the call began.</param>
    public void GivenUp(long now, long began)
    {
        if (_phase != CircuitPhase.HalfOpen)
            return;
        lock (_gate)
        {
            if (_phase != CircuitPhase.HalfOpen || !IsTrial(began))
                return;
            Volatile.Write(ref _dueAt, now);
            _phase = CircuitPhase.Open;
        }
    }

    /// <summary>Others have found the target down: the next failure opens the circuit.</summary>
    /// <param name="until">How long that holds, as a timestamp.</param>
    public void Suspect(long until)
    {
        lock (_gate)
            _suspectUntil = Math.Max(_suspectUntil, until);
    }

    /// <summary>Keeps requests away though the target answers.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="span">For how long.</param>
    /// <returns>False when it was not closed anyway.</returns>
    public bool Eject(long now, TimeSpan span)
    {
        lock (_gate)
        {
            if (_phase != CircuitPhase.Closed)
                return false;
            Open(now, CircuitCause.Outlier);
            Volatile.Write(ref _dueAt, now + Ticks(span));
            return true;
        }
    }

    /// <summary>There is reason to think the target is well again: a trial is due now.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    public void Expedite(long now)
    {
        if (_phase != CircuitPhase.Open)
            return;
        lock (_gate)
        {
            if (_cause != CircuitCause.Outlier && now < _dueAt)
                Volatile.Write(ref _dueAt, Math.Min(_dueAt, Math.Max(now, _shutAt + Ticks(ShortestWait))));
        }
    }

    /// <summary>Closes it and forgets what led to its opening.</summary>
    /// <param name="window">What became of calls lately.</param>
    public void Restore(CallWindow window)
    {
        lock (_gate)
        {
            Close(window);
            (_isOnProbation, _failedTrials, _suspectUntil, _openedAt) = (false, 0, long.MinValue, long.MinValue);
        }
    }

    private void Open(long now, CircuitCause cause)
    {
        (_cause, _openedAt, _consecutive, _isOnProbation) = (cause, now, 0, false);
        Volatile.Write(ref _trips, _trips + 1);
        Shut(now);
    }

    private void Shut(long now)
    {
        var wait = Math.Min(LongestWait.TotalSeconds, FirstWait.TotalSeconds * Math.Pow(2, Math.Min(_failedTrials, 10)));
        _shutAt = now;
        Volatile.Write(ref _shuts, _shuts + 1);
        Volatile.Write(ref _dueAt, now + (long)(wait * (0.8 + (0.2 * random())) * _second));
        _phase = CircuitPhase.Open;
    }

    private void Close(CallWindow window)
    {
        window.Clear();
        _consecutive = 0;
        _phase = CircuitPhase.Closed;
    }

    // No call enters for a second after the circuit shut, so half of one tells those before from those after, whichever clock read came first.
    private bool IsSinceOpening(long began) => began > _openedAt + (_second / 2);

    private bool IsTrial(long began) => began >= _trialAt - (_second / 2);

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _second);
}
