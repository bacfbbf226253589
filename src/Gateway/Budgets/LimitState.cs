namespace Gateway.Budgets;

/// <summary>A limit on this replica: its allowances by period, of which one is current and the others are about to begin or not yet settled.</summary>
/// <param name="limit">The limit.</param>
/// <param name="options">What its allowances need.</param>
/// <param name="successor">Finds what has taken the place of this one once it is gone.</param>
internal sealed class LimitState(LimitSpec limit, AllowanceBookOptions options, Func<LimitSpec, LimitState> successor)
{
    private readonly Lock _gate = new();
    private LimitSpec _limit = limit;
    private Allowance[] _all = [];
    private Allowance? _current;
    private bool _isGone;

    /// <summary>The limit as last configured. Allowances of another window or unit have another one.</summary>
    public LimitSpec Limit => Volatile.Read(ref _limit);

    /// <summary>The allowances.</summary>
    public IReadOnlyList<Allowance> All => Volatile.Read(ref _all);

    /// <summary>The allowance that a time falls into; there is one afterwards.</summary>
    public Allowance At(LimitSpec limit, DateTimeOffset time)
    {
        if (!ReferenceEquals(Volatile.Read(ref _limit), limit))
            Configure(limit);
        var current = Volatile.Read(ref _current);
        return current is { Retired: false } && current.Period.Contains(time) ? current : Find(time, makeCurrent: true);
    }

    /// <summary>How the limit stands, as far as this replica knows.</summary>
    public LimitView View(LimitSpec limit, DateTimeOffset now)
    {
        var allowance = At(limit, now);
        return LimitView.Of(limit, allowance.Period, allowance.Remaining, now);
    }

    /// <summary>The allowance that a time will fall into.</summary>
    public Allowance Ahead(DateTimeOffset time) => Find(time, makeCurrent: false);

    /// <summary>Removes what has been given up, and then itself when nothing is left.</summary>
    /// <param name="remove">Makes others find another one. Who has found this one is sent on: what is reserved where nobody looks would count for nobody.</param>
    public void Sweep(Action remove)
    {
        lock (_gate)
        {
            if (Array.Exists(_all, a => a.Retired))
                Volatile.Write(ref _all, Array.FindAll(_all, a => !a.Retired));
            if (_all.Length > 0)
                return;
            _isGone = true;
            remove();
        }
    }

    private Allowance Find(DateTimeOffset time, bool makeCurrent)
    {
        lock (_gate)
        {
            if (!_isGone)
                return FindHere(time, makeCurrent);
        }

        return successor(Limit).Find(time, makeCurrent);
    }

    private Allowance FindHere(DateTimeOffset time, bool makeCurrent)
    {
        var period = LimitPeriod.At(_limit, time);
        var found = Array.Find(_all, a => !a.Retired && a.Period.Key == period.Key);
        if (found is null)
        {
            found = new(_limit, period, options);
            Volatile.Write(ref _all, [.. _all, found]);
        }

        if (!ReferenceEquals(found.Limit, _limit))
            found.Configure(_limit);
        if (makeCurrent)
            Volatile.Write(ref _current, found);
        return found;
    }

    private void Configure(LimitSpec limit)
    {
        lock (_gate)
        {
            // Another window or unit counts under other keys; what is held of the old ones is given back when it lies idle.
            if (limit.Window != _limit.Window || limit.Unit != _limit.Unit || limit.Kind != _limit.Kind)
                Volatile.Write(ref _current, null);
            else
            {
                foreach (var allowance in _all)
                {
                    if (ReferenceEquals(allowance.Limit, _limit))
                        allowance.Configure(limit);
                }
            }

            Volatile.Write(ref _limit, limit);
        }
    }
}
