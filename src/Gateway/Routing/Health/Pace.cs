namespace Gateway.Routing.Health;

/// <summary>How fast a target answers now, and how fast it usually does: two moving averages. Safe for any number of threads, which may lose one another's samples.</summary>
/// <param name="time">The clock.</param>
internal sealed class Pace(TimeProvider time)
{
    private const int Known = 32; // answers before the averages mean anything

    private double _lately;
    private double _usually;
    private int _answers;
    private long _mixedAt = time.GetTimestamp();

    /// <summary>Time to the first token lately; null while too little is known.</summary>
    public TimeSpan? Lately => Volatile.Read(ref _answers) < Known ? null : TimeSpan.FromMicroseconds(Volatile.Read(ref _lately));

    /// <summary>How many times as slow as usual it is; 1 while too little is known.</summary>
    public double Slowness => Volatile.Read(ref _answers) < Known ? 1 : Volatile.Read(ref _lately) / Math.Max(1, Volatile.Read(ref _usually));

    /// <summary>Takes in an answer.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="sinceSent">How long it took.</param>
    public void Add(long now, TimeSpan sinceSent)
    {
        var micros = Math.Max(1, sinceSent.TotalMicroseconds);
        var count = Volatile.Read(ref _answers);
        if (count < Known)
        {
            // The first ones are averaged evenly, or the very first would count for long.
            Interlocked.Increment(ref _answers);
            Mix(ref _lately, micros, 1d / (count + 1));
            Mix(ref _usually, micros, 1d / (count + 1));
            return;
        }

        Mix(ref _lately, micros, 1d / 8);
        var before = Volatile.Read(ref _mixedAt);
        // A habit is one of minutes, however many answers there are in them.
        if (now - before >= time.TimestampFrequency && Interlocked.CompareExchange(ref _mixedAt, now, before) == before)
            Mix(ref _usually, Volatile.Read(ref _lately), 1d / 256);
    }

    private static void Mix(ref double average, double sample, double share)
    {
        var before = Volatile.Read(ref average);
        Volatile.Write(ref average, before + ((sample - before) * share));
    }
}
