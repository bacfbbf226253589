namespace Gateway.Routing.Health;

/// <summary>How fast a target answers now, and how fast it usually does: two moving averages. Safe for any number of threads, which may lose one another's samples.</summary>
internal sealed class Pace
{
    private const int Known = 32; // answers before the averages mean anything

    private double _lately;
    private double _usually;
    private int _answers;

    /// <summary>Time to the first token lately; null while too little is known.</summary>
    public TimeSpan? Lately => Volatile.Read(ref _answers) < Known ? null : TimeSpan.FromMicroseconds(Volatile.Read(ref _lately));

    /// <summary>How many times as slow as usual it is; 1 while too little is known.</summary>
    public double Slowness => Volatile.Read(ref _answers) < Known ? 1 : Volatile.Read(ref _lately) / Math.Max(1, Volatile.Read(ref _usually));

    /// <summary>Takes in an answer.</summary>
    public void Add(TimeSpan sinceSent)
    {
        var micros = Math.Max(1, sinceSent.TotalMicroseconds);
        var count = Volatile.Read(ref _answers);
        if (count < Known)
            Interlocked.Increment(ref _answers);
        // The first ones are averaged evenly, or the very first would count for long.
        Mix(ref _lately, micros, Math.Max(1d / 8, 1d / (count + 1)));
        Mix(ref _usually, micros, Math.Max(1d / 256, 1d / (count + 1)));
    }

    private static void Mix(ref double average, double sample, double share)
    {
        var before = Volatile.Read(ref average);
        Volatile.Write(ref average, before + ((sample - before) * share));
    }
}
