using System.Buffers;
using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Providers.Credentials;
using Gateway.Routing.Policies;
using Gateway.Routing.Strategies;

namespace Gateway.Routing.Attempts;

/// <summary>
/// Which target a request goes to next, and when: through the groups of its route in order, in each by the group's strategy among the
/// targets that can serve; and after each attempt by what became of it. One for each request; not safe for threads.
/// </summary>
/// <param name="context">The request, its route known.</param>
/// <param name="question">What strategies may know of it.</param>
/// <param name="random">Numbers of [0, 1) for pauses.</param>
internal sealed class AttemptPlan(GatewayContext context, RouteQuestion question, Func<double> random)
{
    /// <summary>Calls of providers for one request, whatever policies say.</summary>
    public const int MostEver = 6;

    /// <summary>No target is called more than twice within this time, whatever policies say: more would be hammering.</summary>
    public static readonly TimeSpan PairSpan = TimeSpan.FromSeconds(1.5);

    private readonly RouteSnapshot _route = context.Route!;
    private readonly AttemptPolicy _policy = context.Route!.Attempts;
    private readonly int _most = Math.Min(MostEver, Math.Min(context.Route!.Attempts.Most, context.MostAttempts ?? MostEver));
    private TargetSnapshot? _again;
    private ulong _done;            // targets that this request is through with, by their place in the route
    private long[]? _notBefore;     // when a target may be called again, by its place in the route
    private ProviderKey[] _refused = [];
    private int? _window;           // the context window that was too small
    private string? _unsupported;   // what a target could not do
    private TargetSnapshot? _broken; // what broke off, and is asked to go on only when no other can
    private TargetSnapshot? _soonest;
    private TimeSpan _wait;         // until the soonest can serve
    private bool _isWaitSpread;     // whether that has been made longer already, so that not all come back at once
    private TimeSpan _waited;       // for targets that wanted to be left alone
    private TargetSnapshot? _lastResort; // it is full, or its circuit is open
    private TimeSpan _lastResortWait = TimeSpan.MaxValue;
    private bool _hasInsisted;
    private GatewayError? _unsaid;       // why the request can't be said to the first target for which that was so

    /// <summary>Keys that the request has been refused with.</summary>
    public ProviderKey[] RefusedKeys => _refused;

    /// <summary>Whether an attempt has ended the request: it was answered, or failed in a way that no other could mend.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What to do next; null when nothing is left to do.</summary>
    public AttemptStep? Next()
    {
        if (IsOver || context.Attempts.Count >= _most)
            return null;
        if (AttemptCost.IsSpent(context, question))
        {
            SkipLeft(SkipReason.CostCap);
            return null;
        }

        var now = context.Time.GetTimestamp();
        if (_again is { } again)
        {
            _again = null;
            return new AttemptStep(again, ReasonFor(again), Held(again, now));
        }

        (_soonest, _wait) = (null, TimeSpan.MaxValue);
        if (Choose(now) is { } target)
            return new AttemptStep(target, ReasonFor(target), TimeSpan.Zero);
        if (_broken is { } broken)
        {
            (_broken, _done) = (null, _done & ~PlacesOf(broken));
            return Next();
        }

        // Nobody would be called now: one that is only full, or due for a trial soonest, may be called all the same.
        if (_lastResort is { } last && !_hasInsisted && CallsOf(last) < _policy.MostPerTarget && Held(last, now) == TimeSpan.Zero)
        {
            _hasInsisted = true;
            return new AttemptStep(last, ReasonFor(last), TimeSpan.Zero, Insists: true);
        }

        // Nobody can serve now, but one soon will.
        if (_soonest is not { } soonest || _waited + _wait > _policy.LongestWait + _policy.Backoff || !HasTimeFor(_wait))
            return null;
        if (ReasonFor(soonest) == AttemptReason.Retry && !MayRetry(soonest))
            return null;
        var pause = _isWaitSpread ? _wait : Spread(_wait);
        _waited += pause;
        return new AttemptStep(soonest, ReasonFor(soonest), HasTimeFor(pause) ? pause : _wait);
    }

    /// <summary>Another target to call beside one that lets wait for it; null when there is none that could serve now.</summary>
    /// <param name="beside">The target that is being called.</param>
    public AttemptStep? Hedge(TargetSnapshot beside)
    {
        if (IsOver || context.Attempts.Count >= _most || AttemptCost.IsSpent(context, question))
            return null;
        var places = PlacesOf(beside) & ~_done;
        _done |= places;
        var target = Choose(context.Time.GetTimestamp());
        _done &= ~places;
        return target is null ? null : new AttemptStep(target, AttemptReason.Hedge, TimeSpan.Zero);
    }

    /// <summary>Whether a step may still be taken when its pause is over: others may have learnt meanwhile that its target wants to be left alone for longer.</summary>
    /// <param name="step">The step. When it may not be taken, <see cref="Next"/> tells another.</param>
    public bool Confirm(in AttemptStep step)
    {
        if (step.Target.State.Obstacle(context.Time.GetTimestamp(), out _) is not { } obstacle)
            return true;
        (context.Decision ??= new RoutingDecision()).Skip(step.Target, obstacle);
        return false;
    }

    /// <summary>The step could not be taken: the target is passed over.</summary>
    public void Skip(TargetSnapshot target, SkipReason reason)
    {
        Finish(target);
        (context.Decision ??= new RoutingDecision()).Skip(target, reason);
        if (reason is SkipReason.Full or SkipReason.CircuitOpen)
            Consider(target, reason); // it was quicker lost than looked at
    }

    /// <summary>The request can't be said to the target: it is passed over.</summary>
    public void SkipUnsaid(TargetSnapshot target, GatewayError problem)
    {
        _unsaid ??= problem;
        Skip(target, SkipReason.NotTranslated);
    }

    /// <summary>Draws conclusions from an attempt that is over.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="end">How it ended.</param>
    public void Note(Attempt attempt, AttemptEnd end)
    {
        var target = attempt.Target;
        if (attempt.StayAway is { } said)
            Hold(target, Spread(said));
        if (IsOver)
            return; // another attempt has answered
        switch (end)
        {
            case AttemptEnd.RetrySame when CallsOf(target) < _policy.MostPerTarget:
                Hold(target, Backoff(CallsOf(target)));
                if (attempt.StayAway is null || attempt.StayAway <= _policy.ShortWait)
                    TryAgain(target, TimeSpan.MaxValue);
                break;
            case AttemptEnd.NextKey or AttemptEnd.Wait when HasOtherKey(attempt):
                _refused = [.. _refused, attempt.Key!];
                TryAgain(target, TimeSpan.Zero);
                break;
            case AttemptEnd.NextKey:
                _refused = attempt.Key is { } refused ? [.. _refused, refused] : _refused;
                Finish(target);
                break;
            case AttemptEnd.Wait when CallsOf(target) < _policy.MostPerTarget:
                _refused = []; // keys that are limited are not refused for good
                if (attempt.StayAway is null)
                    Hold(target, Backoff(CallsOf(target)));
                else if (attempt.StayAway <= _policy.ShortWait)
                    TryAgain(target, _policy.ShortWait + _policy.Backoff);
                break; // others first; it is waited for when none can serve
            case AttemptEnd.LargerWindow:
                _window = Math.Max(_window ?? 0, target.Card?.ContextWindow ?? int.MaxValue);
                Finish(target);
                break;
            case AttemptEnd.OtherAbilities:
                _unsupported = attempt.Error!.Unsupported ?? "";
                Finish(target);
                break;
            case AttemptEnd.Broken when context.Rescue is { MayResume: true } rescue && CallsOf(target) <= _policy.MostPerTarget:
                if (rescue.PrefersSame(target))
                {
                    TryAgain(target, TimeSpan.MaxValue);
                    break;
                }

                _broken = target;
                Finish(target);
                break;
            case AttemptEnd.Broken when context.Rescue is { MayResume: true }:
                Finish(target);
                break;
            case AttemptEnd.OtherWay when context.Rescue?.WayOn(target) is not null:
                TryAgain(target, TimeSpan.MaxValue);
                break;
            case AttemptEnd.Final or AttemptEnd.Broken:
                IsOver = true;
                break;
            default:
                Finish(target);
                break;
        }
    }

    /// <summary>What the client is told when no target was called at all: where time would not mend it, why the request can't be said.</summary>
    public GatewayError Unavailable()
    {
        if (_unsaid is not null && _soonest is null && _lastResort is null)
            return _unsaid;
        var due = _lastResort is not null && _lastResortWait > TimeSpan.Zero ? _lastResortWait : TimeSpan.FromSeconds(1);
        return new GatewayError(ErrorKinds.TargetsUnavailable, $"No provider of '{_route.Name}' can serve at the moment; try again later.")
        {
            RetryAfter = _soonest is null || (_lastResort is not null && due < _wait) ? due : _wait,
        };
    }

    private AttemptReason ReasonFor(TargetSnapshot target) =>
        context.Attempts.Count == 0 ? AttemptReason.First
        : context.Rescue is { IsResuming: true } ? AttemptReason.Resume
        : CallsOf(target) == 0 ? AttemptReason.Fallback : AttemptReason.Retry;

    private TargetSnapshot? Choose(long now)
    {
        var at = 0;
        for (var i = 0; i < _route.Groups.Count; i++) // a foreach would allocate
        {
            var group = _route.Groups[i];
            if (ChooseFrom(group, at, now) is { } target)
                return target;
            at += group.Targets.Count;
        }

        return null;
    }

    private TargetSnapshot? ChooseFrom(TargetGroup group, int at, long now)
    {
        if (group.Targets.Count == 1)
            return CanServe(group.Targets[0], at, now) ? group.Targets[0] : null;
        var candidates = ArrayPool<TargetSnapshot>.Shared.Rent(group.Targets.Count);
        var count = 0;
        try
        {
            for (var i = 0; i < group.Targets.Count; i++)
            {
                if (CanServe(group.Targets[i], at + i, now))
                    candidates[count++] = group.Targets[i];
            }

            return count switch
            {
                0 => null,
                1 => candidates[0],
                _ => candidates[group.Strategy.Pick(candidates.AsSpan(0, count), question)],
            };
        }
        finally
        {
            Array.Clear(candidates, 0, count);
            ArrayPool<TargetSnapshot>.Shared.Return(candidates);
        }
    }

    private bool CanServe(TargetSnapshot target, int place, long now)
    {
        if ((_done >> place & 1) != 0)
            return false;
        if (Unfit(target) is { } unfit)
        {
            Skip(target, unfit);
            return false;
        }

        var obstacle = target.State.Obstacle(now, out var wait);
        if (obstacle is { } reason)
            (context.Decision ??= new RoutingDecision()).Skip(target, reason);
        if (obstacle is SkipReason.Full or SkipReason.CircuitOpen)
            Consider(target, obstacle.Value);
        var held = Held(target, now);
        var isSpread = held >= wait;
        wait = isSpread ? held : wait;
        if (wait > TimeSpan.Zero && wait < _wait && obstacle != SkipReason.CircuitOpen)
            (_soonest, _wait, _isWaitSpread) = (target, wait, isSpread);
        return obstacle is null && wait == TimeSpan.Zero;
    }

    /// <summary>Remembers whom to call when there is nobody else: one that is full before one whose circuit is open, of these the one due soonest.</summary>
    private void Consider(TargetSnapshot target, SkipReason reason)
    {
        var now = context.Time.GetTimestamp();
        if (Held(target, now) > TimeSpan.Zero)
            return;
        target.State.Obstacle(now, out var wait);
        if (reason == SkipReason.Full)
            wait = TimeSpan.Zero;
        if (wait < _lastResortWait)
            (_lastResort, _lastResortWait) = (target, wait);
    }

    /// <summary>Whether a target may be called again: where everybody did so, a gust would become a storm.</summary>
    private bool MayRetry(TargetSnapshot target)
    {
        if (target.State.TryTakeRetry())
            return true;
        Skip(target, SkipReason.RetriesSpent);
        return false;
    }

    /// <summary>Why a target can't serve this request, however long one waits; null when it can.</summary>
    private SkipReason? Unfit(TargetSnapshot target) =>
        target.Provider.WireFor(context.Operation) is null ? SkipReason.NoEndpoint
        : context.Rescue is { IsResuming: true } rescue && rescue.WayOn(target) is null ? SkipReason.NoWayOn
        : !DataPolicy.Allows(context, target.Provider) ? SkipReason.DataPolicy
        : _window is { } window && !(target.Card?.ContextWindow > window) ? SkipReason.WindowTooSmall
        : _unsupported is not null && !TargetAbilities.Supports(target, _unsupported) ? SkipReason.Unsupported
        : _refused.Length > 0 && target.Credentials is { } keys && !keys.HasAny(_refused) ? SkipReason.NoKeyLeft
        : null;

    /// <summary>Calls a target again unless it has to be left alone for longer than that; then others are asked first.</summary>
    private void TryAgain(TargetSnapshot target, TimeSpan longest)
    {
        var held = Held(target, context.Time.GetTimestamp());
        if (held <= longest && HasTimeFor(held) && (longest == TimeSpan.Zero || MayRetry(target))) // another key is no retry
            _again = target;
    }

    /// <summary>How long this request has to leave a target alone.</summary>
    private TimeSpan Held(TargetSnapshot target, long now)
    {
        if (context.Attempts.Count == 0)
            return TimeSpan.Zero;
        var until = _notBefore is { } notBefore ? notBefore[PlaceOf(target)] : 0;
        var isSecond = false;
        for (var i = context.Attempts.Count - 1; i >= 0; i--)
        {
            if (!ReferenceEquals(context.Attempts[i].Target.State, target.State))
                continue;
            if (isSecond)
            {
                until = Math.Max(until, context.Attempts[i].Began + Ticks(PairSpan));
                break;
            }

            isSecond = true;
        }

        return until > now ? context.Time.GetElapsedTime(now, until) : TimeSpan.Zero;
    }

    /// <summary>Leaves a target alone for a while, at every place of the route where it stands.</summary>
    private void Hold(TargetSnapshot target, TimeSpan wait)
    {
        var until = context.Time.GetTimestamp() + Ticks(wait);
        _notBefore ??= new long[_route.Targets.Count];
        for (var i = 0; i < _notBefore.Length; i++)
        {
            if (ReferenceEquals(_route.Targets[i].State, target.State))
                _notBefore[i] = Math.Max(_notBefore[i], until);
        }
    }

    private void Finish(TargetSnapshot target)
    {
        _done |= PlacesOf(target);
        if (ReferenceEquals(_lastResort?.State, target.State))
            _lastResort = null;
    }

    private ulong PlacesOf(TargetSnapshot target)
    {
        var places = 0UL;
        for (var i = 0; i < _route.Targets.Count; i++)
        {
            if (ReferenceEquals(_route.Targets[i].State, target.State))
                places |= 1UL << i;
        }

        return places;
    }

    private void SkipLeft(SkipReason reason)
    {
        for (var i = 0; i < _route.Targets.Count; i++)
        {
            if ((_done >> i & 1) == 0)
                (context.Decision ??= new RoutingDecision()).Skip(_route.Targets[i], reason);
        }
    }

    private int PlaceOf(TargetSnapshot target)
    {
        for (var i = 0; i < _route.Targets.Count; i++)
        {
            if (ReferenceEquals(_route.Targets[i].State, target.State))
                return i;
        }

        throw new InvalidOperationException($"'{target.Address}' is no target of '{_route.Name}'.");
    }

    /// <summary>Whether the target has a key that this request has not been refused with, and that no other request has just been refused with either.</summary>
    private bool HasOtherKey(Attempt attempt) =>
        attempt.Key is { } key && attempt.Target.Credentials!.HasAwake(attempt.Target.Model, [.. _refused, key]);

    private int CallsOf(TargetSnapshot target)
    {
        var calls = 0;
        foreach (var attempt in context.Attempts)
        {
            if (ReferenceEquals(attempt.Target.State, target.State))
                calls++;
        }

        return calls;
    }

    /// <summary>Full jitter: anything up to a bound that doubles with each call.</summary>
    private TimeSpan Backoff(int calls)
    {
        var bound = Math.Min(_policy.MaxBackoff.TotalMilliseconds, _policy.Backoff.TotalMilliseconds * Math.Pow(2, calls - 1));
        return TimeSpan.FromMilliseconds(bound * random());
    }

    /// <summary>Somewhat longer than a wait, so that all who wait for one target do not come back at once.</summary>
    private TimeSpan Spread(TimeSpan wait)
    {
        var bound = wait == TimeSpan.Zero ? _policy.Backoff.TotalMilliseconds : Math.Min(_policy.Backoff.TotalMilliseconds, wait.TotalMilliseconds / 4);
        return wait + TimeSpan.FromMilliseconds(bound * random());
    }

    private long Ticks(TimeSpan time) => (long)Math.Ceiling(time.TotalSeconds * context.Time.TimestampFrequency);

    private bool HasTimeFor(TimeSpan pause) => context.Elapsed + pause < _route.Timeouts.Total;
}
