namespace Gateway.Routing.Health;

/// <summary>
/// How many calls a target bears at once, found out by trying: it grows with answers while it is made use of, at first with each and later by one for as many
/// answers as the limit is, and shrinks by a fifth (where less of it was made use of, by two) at most once a second while a fair share of the calls is refused.
/// Safe for any number of threads; allocates nothing.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class AdaptiveLimit(TimeProvider time)
{
    /// <summary>What it begins with.</summary>
    public const int First = 1_024;

    /// <summary>It never shrinks below this.</summary>
    public const int Least = 8;

    /// <summary>It never grows beyond this.</summary>
    public const int Most = 16_384;

    /// <summary>Refusals per call from which on the target is taken to be overloaded: fewer are its bad luck, and others take them over.</summary>
    public const double ManyRefusals = 0.25;

    /// <summary>After this long without shrinking it grows fast again.</summary>
    public static readonly TimeSpan Caution = TimeSpan.FromSeconds(10);

    private const long One = 1_000_000;
    private const double Shrinking = 0.8;

    private long _limit = First * One;
    private long _steady = Most * One; // up to here it grows fast
    private long _shrunkAt = time.GetTimestamp() - time.TimestampFrequency;

    /// <summary>Calls at once.</summary>
    public int Current => (int)(Volatile.Read(ref _limit) / One);

    /// <summary>A call was answered.</summary>
    /// <param name="inFlight">Calls under way; only a limit that is made use of grows.</param>
    public void Grow(int inFlight)
    {
        var limit = Volatile.Read(ref _limit);
        if (inFlight * 2L * One < limit || limit >= Most * One)
            return;
        // What it did not bear a while ago it may bear now: streams are long, and so a limit that grew slowly for ever would starve a target that is well again.
        var isFast = limit < Volatile.Read(ref _steady) || time.GetElapsedTime(Volatile.Read(ref _shrunkAt)) >= Caution;
        var step = isFast ? One : One * One / limit;
        Interlocked.CompareExchange(ref _limit, Math.Min(Most * One, limit + step), limit); // who loses the race lets it be
    }

    /// <summary>The target can't bear what is under way.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="inFlight">Calls under way.</param>
    public void Shrink(long now, int inFlight)
    {
        var before = Volatile.Read(ref _shrunkAt);
        if (now - before < time.TimestampFrequency || Interlocked.CompareExchange(ref _shrunkAt, now, before) != before)
            return;
        var limit = Volatile.Read(ref _limit);
        // Calls that are refused together leave together, so that few may be left by the time this is looked at.
        var used = Math.Max(Math.Min(limit, inFlight * One), limit / 4 * 3);
        var next = Math.Max(Least * One, (long)(used * Shrinking));
        Volatile.Write(ref _steady, next);
        Interlocked.CompareExchange(ref _limit, Math.Min(limit, next), limit);
    }
}
