namespace Gateway.Budgets;

/// <summary>How much of a limit a replica will need in the next seconds, from how much it needed in the last. Not safe for threads: its allowance is.</summary>
internal sealed class LeaseDemand
{
    private long _peak;
    private long _usedSince;
    private long _measuredMs = long.MinValue;
    private double _perSecond;

    /// <summary>The most that was reserved at once lately.</summary>
    public void Reserved(long reserved) => _peak = Math.Max(_peak, reserved);

    /// <summary>What was used.</summary>
    public void Used(long amount) => _usedSince = Amounts.Add(_usedSince, amount);

    /// <summary>Brings the averages up to date, about once a tick.</summary>
    public void Measure(long reserved, long nowMs)
    {
        if (_measuredMs != long.MinValue && nowMs > _measuredMs)
        {
            var rate = _usedSince * 1_000.0 / (nowMs - _measuredMs);
            // Up at once, down slowly: a lease that is too small costs requests, one that is too large is given back.
            _perSecond = rate > _perSecond ? rate : (_perSecond * 0.75) + (rate * 0.25);
            _usedSince = 0;
        }

        _measuredMs = nowMs;
        _peak = Math.Max(reserved, _peak - (_peak / 8));
    }

    /// <summary>Begins with what another one knows, and a reserve: many windows begin with a rush.</summary>
    public void Seed(LeaseDemand other) => (_peak, _perSecond) = (Amounts.Add(other._peak, other._peak), other._perSecond);

    /// <summary>What should be free.</summary>
    /// <param name="reserved">What is reserved now.</param>
    /// <param name="needed">What is needed at once.</param>
    /// <param name="span">For how long it should last.</param>
    public long Wish(long reserved, long needed, TimeSpan span)
    {
        var atOnce = Math.Max(0, Amounts.Add(_peak, needed) - reserved);
        var wish = Amounts.Add(atOnce, Amounts.Multiply(1, _perSecond * span.TotalSeconds));
        // Nothing is known of a limit that is used for the first time.
        return Math.Max(wish, Amounts.Multiply(needed, 4));
    }
}
