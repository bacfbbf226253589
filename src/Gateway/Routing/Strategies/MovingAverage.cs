namespace Gateway.Routing.Strategies;

/// <summary>
/// An average in which newer samples count more, by their age and not by their number, and when it was last added to. Value and time share
/// one word, so that both are read and replaced at once without a lock. Times are milliseconds of any clock and may wrap around.
/// </summary>
internal struct MovingAverage
{
    // After this long, a sample counts for 37 % of what it did.
    private const double MemoryMs = 2_000;

    // The first samples after a long silence must not be all that counts, nor one of many at once nothing.
    private const double Least = 0.05;
    private const double Most = 0.9;

    // What comes this soon counts least, without working out that it does.
    private const uint SoonMs = 100;

    private long _word; // the value as a float above the time; 0 while there is none

    /// <summary>Adds a sample, &gt; 0.</summary>
    public void Add(uint nowMs, double sample)
    {
        for (var before = Volatile.Read(ref _word); ;)
        {
            var seen = Interlocked.CompareExchange(ref _word, Pack(nowMs, before == 0 ? sample : Mix(before, nowMs, sample)), before);
            if (seen == before)
                return;
            before = seen;
        }
    }

    /// <summary>The average; 0 while there is none.</summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="ageMs">How long ago the last sample was.</param>
    public readonly double Read(uint nowMs, out uint ageMs)
    {
        var word = Volatile.Read(in _word);
        ageMs = nowMs - (uint)word;
        return Value(word);
    }

    private static double Mix(long word, uint nowMs, double sample)
    {
        var ageMs = nowMs - (uint)word;
        var share = ageMs <= SoonMs ? Least : Math.Clamp(1 - Math.Exp(ageMs / -MemoryMs), Least, Most);
        return Value(word) + ((sample - Value(word)) * share);
    }

    private static long Pack(uint nowMs, double value) => ((long)BitConverter.SingleToInt32Bits((float)value) << 32) | nowMs;

    private static double Value(long word) => BitConverter.Int32BitsToSingle((int)(word >> 32));
}
