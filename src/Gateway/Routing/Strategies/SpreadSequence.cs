namespace Gateway.Routing.Strategies;

/// <summary>
/// Numbers that fill [0, 1) evenly, however few or many are taken: multiples of the golden ratio. Shares drawn with them are met within a few
/// draws and without runs, where random numbers need thousands; and one atomic addition is all the state there is.
/// </summary>
/// <param name="start">Where it begins; any number.</param>
internal sealed class SpreadSequence(long start)
{
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    private long _count = start;

    /// <summary>The next number.</summary>
    public double Next() => (((ulong)Interlocked.Increment(ref _count) * GoldenRatio) >> 11) * (1.0 / (1UL << 53));
}
