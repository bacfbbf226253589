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
    private readonly RouteSnapshot _route = context.Route!;
    private readonly AttemptPolicy _policy = context.Route!.Attempts;
    private AttemptStep? _again;
    private ulong _done;            // targets that this request is through with, by their place in the route
    private ProviderKey[] _refused = [];
    private int? _window;           // the context window that was too small
    private string? _unsupported;   // what a target could not do
    private bool _isOver;
    private TargetSnapshot? _soonest;
    private TimeSpan _wait = TimeSpan.MaxValue;
    private TargetSnapshot? _lastResort;             // full, or its circuit open
    private TimeSpan _lastResortWait = TimeSpan.MaxValue;
    private bool _hasInsisted;

    /// <summary>Keys that the request has been refused with.</summary>
    public ProviderKey[] RefusedKeys => _refused;

    /// <summary>What to do next; null when nothing is left to do.</summary>
    public AttemptStep? Next()
    {
        if (_isOver || context.Attempts.Count >= _policy.Most)
            return null;
        if (_again is { } again)
        {
            _again = null;
            return again;
        }

        if (Choose() is { } target)
            return new AttemptStep(target, context.Attempts.Count == 0 ? AttemptReason.First : AttemptReason.Fallback, TimeSpan.Zero);
        // Nobody would be asked now: the one that is only full, or due for a trial soonest, may be asked all the same.
        if (_lastResort is { } last && !_hasInsisted)
        {
            _hasInsisted = true;
            return new AttemptStep(last, context.Attempts.Count == 0 ? AttemptReason.First : CallsOf(last) == 0 ? AttemptReason.Fallback : AttemptReason.Retry, TimeSpan.Zero, Insists: true);
        }

        // Nobody can serve now, but one soon will.
        if (_soonest is not { } soonest || _wait > _policy.LongestWait || !HasTimeFor(_wait))
            return null;
        var (reason, wait) = (CallsOf(soonest) == 0 ? AttemptReason.Fallback : AttemptReason.Retry, _wait);
        (_soonest, _wait) = (null, TimeSpan.MaxValue);
        return new AttemptStep(soonest, context.Attempts.Count == 0 ? AttemptReason.First : reason, wait);
    }

    /// <summary>The step could not be taken: the target is passed over.</summary>
    public void Skip(TargetSnapshot target, SkipReason reason)
    {
        Finish(target);
        (context.Decision ??= new RoutingDecision()).Skip(target, reason);
        if (target.State.Obstacle(context.Time.GetTimestamp(), out var wait) == reason)
            Consider(target, reason, wait);
    }

    /// <summary>Draws conclusions from an attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="end">How it ended.</param>
    public void Note(Attempt attempt, AttemptEnd end)
    {
        var target = attempt.Target;
        switch (end)
        {
            case AttemptEnd.RetrySame when CallsOf(target) < _policy.MostPerTarget && Backoff(CallsOf(target)) is var pause && HasTimeFor(pause) && MayRetry(target):
                _again = new AttemptStep(target, AttemptReason.Retry, pause);
                break;
            case AttemptEnd.NextKey or AttemptEnd.Wait when Refuse(attempt.Key) && target.Credentials!.Choose(_refused) is not null:
                _again = new AttemptStep(target, AttemptReason.Retry, TimeSpan.Zero);
                break;
            case AttemptEnd.Wait when attempt.Error!.RetryAfter is { } wait && CallsOf(target) < _policy.MostPerTarget && HasTimeFor(wait) && MayRetry(target):
                _refused = []; // they were not refused for good
                if (wait <= _policy.ShortWait)
                    _again = new AttemptStep(target, AttemptReason.Retry, wait);
                else
                    Finish(target); // others first; it is waited for if none can serve
                if (wait < _wait)
                    (_soonest, _wait) = (target, wait);
                break;
            case AttemptEnd.LargerWindow:
                _window = Math.Max(_window ?? 0, target.Card?.ContextWindow ?? int.MaxValue);
                Finish(target);
                break;
            case AttemptEnd.OtherAbilities:
                _unsupported = attempt.Error!.Param ?? "";
                Finish(target);
                break;
            case AttemptEnd.Final or AttemptEnd.Broken or AttemptEnd.Superseded:
                _isOver = true;
                break;
            default:
                Finish(target);
                break;
        }
    }

    /// <summary>What the client is told when no target was called at all.</summary>
    public GatewayError Unavailable() => new(ErrorKinds.TargetsUnavailable, $"No provider of '{_route.Name}' can serve at the moment; try again later.")
    {
        RetryAfter = (_wait < _lastResortWait ? _wait : _lastResortWait) is var wait && wait > TimeSpan.Zero && wait < TimeSpan.MaxValue ? wait : TimeSpan.FromSeconds(1),
    };

    private TargetSnapshot? Choose()
    {
        var at = 0;
        foreach (var group in _route.Groups)
        {
            if (ChooseFrom(group, at) is { } target)
                return target;
            at += group.Targets.Count;
        }

        return null;
    }

    private TargetSnapshot? ChooseFrom(TargetGroup group, int at)
    {
        if (group.Targets.Count == 1)
            return CanServe(group.Targets[0], at) ? group.Targets[0] : null;
        var candidates = ArrayPool<TargetSnapshot>.Shared.Rent(group.Targets.Count);
        var count = 0;
        try
        {
            for (var i = 0; i < group.Targets.Count; i++)
            {
                if (CanServe(group.Targets[i], at + i))
                    candidates[count++] = group.Targets[i];
            }

            return count switch
            {
                0 => null,
                1 => candidates[0],
                _ => candidates[group.Strategy.Choose(candidates.AsSpan(0, count), question)],
            };
        }
        finally
        {
            Array.Clear(candidates, 0, count);
            ArrayPool<TargetSnapshot>.Shared.Return(candidates);
        }
    }

    private bool CanServe(TargetSnapshot target, int place)
    {
        if ((_done >> place & 1) != 0)
            return false;
        var wait = TimeSpan.Zero;
        var obstacle =
            target.Provider.WireFor(context.Operation) is null ? SkipReason.NoEndpoint
            : _window is { } window && !(target.Card?.ContextWindow > window) ? SkipReason.WindowTooSmall
            : _unsupported is not null && !Supports(target, _unsupported) ? SkipReason.Unsupported
            : target.State.Obstacle(context.Time.GetTimestamp(), out wait);
        if (obstacle is not { } reason)
            return true;
        (context.Decision ??= new RoutingDecision()).Skip(target, reason);
        if (reason is SkipReason.Full or SkipReason.CircuitOpen)
            Consider(target, reason, wait);
        else if (wait > TimeSpan.Zero && wait < _wait)
            (_soonest, _wait) = (target, wait);
        return false;
    }

    private void Consider(TargetSnapshot target, SkipReason reason, TimeSpan wait)
    {
        if (reason is SkipReason.Full or SkipReason.CircuitOpen && wait < _lastResortWait)
            (_lastResort, _lastResortWait) = (target, wait);
    }

    private bool MayRetry(TargetSnapshot target)
    {
        if (target.State.TryTakeRetry())
            return true;
        (context.Decision ??= new RoutingDecision()).Skip(target, SkipReason.RetriesSpent);
        return false;
    }

    // What a model can do is known of some abilities only; of what is not known, another vendor may be able to do it.
    private static bool Supports(TargetSnapshot target, string parameter) => target.Card is null || !parameter.StartsWith("reasoning", StringComparison.Ordinal) || target.Traits.Reasons == true;

    private void Finish(TargetSnapshot target)
    {
        for (var i = 0; i < _route.Targets.Count; i++)
        {
            if (ReferenceEquals(_route.Targets[i], target))
                _done |= 1UL << i;
        }
    }

    private bool Refuse(ProviderKey? key)
    {
        if (key is null)
            return false;
        _refused = [.. _refused, key];
        return true;
    }

    private int CallsOf(TargetSnapshot target)
    {
        var calls = 0;
        foreach (var attempt in context.Attempts)
        {
            if (ReferenceEquals(attempt.Target, target))
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

    private bool HasTimeFor(TimeSpan pause) => context.Elapsed + pause < _route.Timeouts.Total;
}
