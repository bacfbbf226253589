namespace Gateway.Budgets;

/// <summary>
/// What was used and is reserved, by bucket of a period. Calendar windows have one bucket; rolling ones at most 61 that count at once, so that 64 places are
/// enough. Not safe for threads: its allowance is.
/// </summary>
internal sealed class BucketRing(LimitPeriod period)
{
    private readonly Place[] _places = new Place[period.IsRolling ? 64 : 1];
    private long _current = long.MinValue;

    /// <summary>What was used, of the buckets that count.</summary>
    public long Used { get; private set; }

    /// <summary>What is reserved, of the buckets that count.</summary>
    public long Reserved { get; private set; }

    /// <summary>Forgets the buckets that have left the window.</summary>
    /// <returns>What was reserved in them: it no longer counts, whatever becomes of it.</returns>
    public long Advance(long nowMs)
    {
        var bucket = period.BucketOf(nowMs);
        if (!period.IsRolling || bucket == _current)
            return 0;
        _current = bucket;
        var released = 0L;
        foreach (ref var place in _places.AsSpan())
        {
            if (!place.Taken || period.Counts(place.Bucket, nowMs))
                continue;
            released += place.Reserved;
            Used -= place.Used;
            Reserved -= place.Reserved;
            place = default;
        }

        return released;
    }

    /// <summary>Reserves at a time that was advanced to.</summary>
    /// <returns>The bucket, to settle in.</returns>
    public long Reserve(long amount, long nowMs)
    {
        ref var place = ref PlaceAt(period.BucketOf(nowMs));
        place.Reserved = Amounts.Add(place.Reserved, amount);
        Reserved = Amounts.Add(Reserved, amount);
        return place.Bucket;
    }

    /// <summary>Takes back a reservation.</summary>
    /// <returns>False when its bucket has left.</returns>
    public bool Release(long bucket, long amount)
    {
        ref var place = ref _places[bucket & (_places.Length - 1)];
        if (!place.Taken || place.Bucket != bucket)
            return false;
        place.Reserved -= amount;
        Reserved -= amount;
        return true;
    }

    /// <summary>Counts what was used in a bucket that counts.</summary>
    public void Use(long bucket, long amount)
    {
        ref var place = ref PlaceAt(bucket);
        place.Used = Amounts.Add(place.Used, amount);
        Used = Amounts.Add(Used, amount);
    }

    /// <summary>Writes what was used into a slot.</summary>
    public void CopyTo(SortedList<long, long> used)
    {
        foreach (ref readonly var place in _places.AsSpan())
        {
            if (place.Used > 0)
                used[place.Bucket] = place.Used;
        }
    }

    // After the clock has been set back, a place may belong to a bucket of the future: what is counted there leaves later, never too early.
    private ref Place PlaceAt(long bucket)
    {
        ref var place = ref _places[bucket & (_places.Length - 1)];
        if (!place.Taken)
            place = new() { Taken = true, Bucket = bucket };
        return ref place;
    }

    private struct Place
    {
        public bool Taken;
        public long Bucket;
        public long Used;
        public long Reserved;
    }
}
