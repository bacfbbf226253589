using Gateway.Routing.Attempts;
using Gateway.Routing.Strategies;

namespace Gateway.Routing.Health;

/// <summary>
/// What is going on with a target, live: one for each address in the process, whatever routes and snapshots lead there. Safe for any
/// number of threads; nothing here waits but <see cref="InsistAsync"/>.
/// </summary>
/// <param name="address">The target's <see cref="TargetSnapshot.Address"/>.</param>
/// <param name="time">The clock.</param>
/// <param name="provider">What all targets of its provider share, or null.</param>
/// <param name="random">Numbers of [0, 1); the usual ones when null.</param>
internal sealed class TargetState(string address, TimeProvider time, Gate? provider = null, Func<double>? random = null)
{
    /// <summary>The longest cool-down; who says more is asked again after this.</summary>
    public static readonly TimeSpan LongestCoolDown = TimeSpan.FromMinutes(5);

    /// <summary>How long a request that has nowhere else to go waits for a place.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private TargetVitals? _vitals;
    private Gate? _gate;
    private long _coolUntil = long.MinValue;
    private volatile string? _lastError;
    private int _undecided; // calls under way of which nothing is known yet
    private long _entered;

    /// <summary>The target's address.</summary>
    public string Address { get; } = address;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>How fast it has been.</summary>
    public LatencyMeter Latency { get; } = new(time);

    /// <summary>What it says is left of its rate limits.</summary>
    public RateHeadroom Headroom { get; } = new(time);

    /// <summary>Whether it has refused to go on with a turn of its own; kept as long as the process lives.</summary>
    public bool RefusesPrefill { get; set; }

    /// <summary>Attempts under way.</summary>
    public int InFlight => Volatile.Read(ref _gate)?.InFlight ?? 0;

    /// <summary>Calls let in so far.</summary>
    public long Entered => Volatile.Read(ref _entered);

    /// <summary>What calls have shown; null before the first.</summary>
    public TargetVitals? Vitals => Volatile.Read(ref _vitals);

    /// <summary>Its places; null before the first call.</summary>
    public Gate? Gate => Volatile.Read(ref _gate);

    /// <summary>The stable code of the last error that was the target's, or null.</summary>
    public string? LastError => _lastError;

    /// <summary>How many calls at once the operator allows, &gt; 0; null: as many as it turns out to bear.</summary>
    public int? MaxConcurrency
    {
        get => Volatile.Read(ref _gate)?.Fixed;
        set
        {
            if (value is not null || Gate is not null)
                Opened.Fixed = value;
        }
    }

    private TargetVitals Known => Volatile.Read(ref _vitals) ?? Make(ref _vitals, new TargetVitals(Time, random ?? Random.Shared.NextDouble));

    private Gate Opened => Volatile.Read(ref _gate) ?? Make(ref _gate, new Gate(Time, Known.Adaptive));

    /// <summary>What keeps a target from being called now; null when nothing does. Only looks: an attempt may yet be refused by <see cref="TryEnter"/>.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="wait">When that is over, as far as it is known; zero otherwise.</param>
    public SkipReason? Obstacle(long now, out TimeSpan wait)
    {
        var cool = Volatile.Read(ref _coolUntil);
        if (cool > now)
        {
            wait = Time.GetElapsedTime(now, cool);
            return SkipReason.CoolingDown;
        }

        wait = TimeSpan.Zero;
        return Volatile.Read(ref _vitals)?.Circuit.Obstacle(now, out wait) is { } circuit ? circuit
            : Volatile.Read(ref _gate) is { IsFull: true } || provider is { IsFull: true } ? SkipReason.Full
            : null;
    }

    /// <summary>Begins an attempt. Each one that succeeds is followed by <see cref="Leave"/>.</summary>
    /// <returns>Null, or what keeps the target from being called after all: another took the trial, or the last place.</returns>
    public SkipReason? TryEnter() => Enter(insists: false);

    /// <summary>
    /// Begins an attempt of a request that has nowhere else to go: it waits a moment for a place, and tries an open circuit before a trial is due.
    /// Each one that succeeds is followed by <see cref="Leave"/>.
    /// </summary>
    /// <param name="longest">The longest wait for a place; never longer than <see cref="LongestWait"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null, or what still keeps the target from being called.</returns>
    public async ValueTask<SkipReason?> InsistAsync(TimeSpan longest, CancellationToken cancellation)
    {
        if (Enter(insists: true) is not { } obstacle)
            return null;
        if (obstacle != SkipReason.Full || longest <= TimeSpan.Zero)
            return obstacle;
        // One line is enough: where the places of the other run out as well there is more work than anybody bears.
        var (first, second) = provider is { IsFull: true } ? (provider, Opened) : (Opened, provider);
        if (!await first.EnterAsync(longest < LongestWait ? longest : LongestWait, cancellation).ConfigureAwait(false))
            return SkipReason.Full;
        if (second is { } other && !other.TryEnter())
        {
            first.Leave();
            return SkipReason.Full;
        }

        return TryPassCircuit(insists: true);
    }

    /// <summary>The target has begun to answer: a status of success, and where the answer is a stream its first content.</summary>
    /// <param name="sinceSent">Time from sending the request, or the first token of a stream.</param>
    public void Answered(TimeSpan sinceSent) => Answered(Time.GetTimestamp(), sinceSent);

    /// <inheritdoc cref="Answered(TimeSpan)"/>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="sinceSent">Time from sending the request, or the first token of a stream.</param>
    /// <param name="tokens">Output tokens that had been made by then.</param>
    public void Answered(long now, TimeSpan sinceSent, long tokens = 0)
    {
        var vitals = Known;
        Interlocked.Decrement(ref _undecided);
        vitals.Window.Add(now, calls: 1);
        vitals.Circuit.Answered(now - (long)(sinceSent.TotalSeconds * Time.TimestampFrequency), vitals.Window);
        vitals.Pace.Add(now, sinceSent);
        Latency.Answered(now, sinceSent, tokens);
        // However slow it was: long prompts, or a gateway without time, look the same, and who would be turned away has nothing from others being served sooner.
        vitals.Adaptive.Grow(InFlight);
    }

    /// <summary>An attempt is over, whatever became of it; notes when, unless that has been noted.</summary>
    /// <param name="attempt">The attempt, with its end and error.</param>
    public void Leave(Attempt attempt)
    {
        var (now, vitals, inFlight) = (attempt.End(Time), Known, InFlight);
        Opened.Leave();
        provider?.Leave();
        if (!CallVerdicts.HasAnswered(attempt))
            Interlocked.Decrement(ref _undecided);
        Judge(attempt, vitals, now);
        if (InFlight == 0)
            Volatile.Write(ref _undecided, 0);
        if (!CallVerdicts.HasAnswered(attempt))
            Latency.Unanswered(now, Time.GetElapsedTime(attempt.Began, now));
        if (attempt.StayAway is { } wait)
            CoolDown(wait);
        if (attempt.Error is { } error && CallVerdicts.IsRefusal(error))
        {
            vitals.Window.Add(now, calls: 0, refusals: 1);
            // A refusal among a handful of calls is no share of them.
            if (vitals.Window.Sum(now) is { Calls: >= Circuit.LeastCalls } lately && lately.RefusalRatio >= AdaptiveLimit.ManyRefusals)
                vitals.Adaptive.Shrink(now, inFlight);
        }
    }

    /// <summary>Takes leave for a retry; where it is refused the target's retries are used up for the moment.</summary>
    public bool TryTakeRetry()
    {
        var (now, vitals) = (Time.GetTimestamp(), Known);
        return vitals.Retries.TryTake(now, vitals.Window.Sum(now).Calls);
    }

    /// <summary>Keeps requests away for a while: the target said so itself.</summary>
    public void CoolDown(TimeSpan wait)
    {
        var until = Time.GetTimestamp() + Ticks(wait < LongestCoolDown ? wait : LongestCoolDown);
        for (var now = Volatile.Read(ref _coolUntil); until > now;)
        {
            var before = Interlocked.CompareExchange(ref _coolUntil, until, now);
            if (before == now)
                return;
            now = before;
        }
    }

    /// <summary>How long it still keeps requests away; zero: it does not.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    public TimeSpan CoolsFor(long now) => Volatile.Read(ref _coolUntil) is var until && until > now ? Time.GetElapsedTime(now, until) : TimeSpan.Zero;

    /// <summary>Others have found it down: the next failure here opens the circuit.</summary>
    /// <param name="span">How long that holds.</param>
    public void Suspect(TimeSpan span) => Known.Circuit.Suspect(Time.GetTimestamp() + Ticks(span));

    /// <summary>Closes the circuit, ends the cool-down and forgets failures and retries.</summary>
    public void Restore()
    {
        Volatile.Write(ref _coolUntil, long.MinValue);
        if (Vitals is { } vitals)
        {
            vitals.Circuit.Restore(vitals.Window);
            vitals.Retries.Clear();
        }
    }

    private SkipReason? Enter(bool insists)
    {
        if (!Opened.TryEnter())
            return SkipReason.Full;
        if (provider?.TryEnter() == false)
        {
            Opened.Leave();
            return SkipReason.Full;
        }

        return TryPassCircuit(insists);
    }

    /// <summary>Last, so that a trial is never taken by a call that finds no place.</summary>
    private SkipReason? TryPassCircuit(bool insists)
    {
        var circuit = Known.Circuit;
        if (circuit.Phase == CircuitPhase.Closed || circuit.TryEnter(Time.GetTimestamp(), insists) is not { } obstacle)
        {
            Interlocked.Increment(ref _undecided);
            Interlocked.Increment(ref _entered);
            return null;
        }

        Opened.Leave();
        provider?.Leave();
        return obstacle;
    }

    private void Judge(Attempt attempt, TargetVitals vitals, long now)
    {
        var hasAnswered = CallVerdicts.HasAnswered(attempt);
        switch (CallVerdicts.Of(attempt))
        {
            case CallVerdict.Failed:
                _lastError = attempt.Error!.Kind.Code;
                vitals.Window.Add(now, calls: hasAnswered ? 0 : 1, failures: 1);
                vitals.Circuit.Failed(now, attempt.Began, vitals.Window.Sum(now), Hopeful(attempt));
                break;
            case CallVerdict.Alive:
                if (!hasAnswered)
                {
                    vitals.Window.Add(now, calls: 1);
                    vitals.Circuit.Answered(attempt.Began, vitals.Window);
                }

                if (attempt.Error is { } error)
                    _lastError = error.Kind.Blame == Errors.ErrorBlame.Client ? _lastError : error.Kind.Code;
                vitals.Circuit.Ended(attempt.Began);
                break;
            default:
                vitals.Circuit.GivenUp(now, attempt.Began);
                break;
        }
    }

    /// <summary>
    /// How many calls that began before this one may yet end well. Errors come at once and answers take their time, so that of many calls begun together the
    /// first to end are those that failed; but where all of them are silent, none that is older is left.
    /// </summary>
    private int Hopeful(Attempt attempt) => (int)Math.Clamp(Volatile.Read(ref _undecided) - (Entered - attempt.Ticket), 0, InFlight);

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * Time.TimestampFrequency);

    private static T Make<T>(ref T? field, T made)
        where T : class => Interlocked.CompareExchange(ref field, made, null) ?? made;
}
