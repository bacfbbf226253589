namespace Gateway.Routing.Strategies;

/// <summary>One limit of a provider's, as it was told last. Limits refill as time goes, so what is left is reckoned for the moment asked.</summary>
/// <remarks>Its fields are written one by one: who reads meanwhile may mix two tellings, which are moments apart and differ little.</remarks>
internal sealed class RateWindow
{
    private long _limit;
    private long _left;
    private long _at;
    private long _whole;

    /// <summary>Notes what was told.</summary>
    /// <param name="now">When, as a timestamp.</param>
    /// <param name="limit">The limit, ≥ 0.</param>
    /// <param name="left">What is left of it, ≥ 0.</param>
    /// <param name="whole">When it is whole again, as a timestamp.</param>
    public void Note(long now, long limit, long left, long whole)
    {
        Volatile.Write(ref _left, Math.Min(left, limit));
        Volatile.Write(ref _at, now);
        Volatile.Write(ref _whole, whole);
        Volatile.Write(ref _limit, limit);
    }

    /// <summary>What is left; NaN while nothing is known.</summary>
    /// <param name="now">The time, as a timestamp.</param>
    public double LeftAt(long now)
    {
        var limit = Volatile.Read(ref _limit);
        if (limit <= 0)
            return double.NaN;
        var (left, at, whole) = (Volatile.Read(ref _left), Volatile.Read(ref _at), Volatile.Read(ref _whole));
        return now >= whole ? limit : now <= at ? left : left + ((limit - left) * ((double)(now - at) / (whole - at)));
    }
}
