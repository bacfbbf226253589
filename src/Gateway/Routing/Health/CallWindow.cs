namespace Gateway.Routing.Health;

/// <summary>
/// Counts of the last <see cref="Span"/>. A slot is one word that tells its own time, so that counting is one compare-and-swap and nobody has to sweep.
/// Safe for any number of threads; allocates nothing.
/// </summary>
internal sealed class CallWindow(TimeProvider time)
{
    /// <summary>How far back it reaches.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(20);

    private const int Slots = 10;
    private const long Most = ushort.MaxValue;

    private readonly long _slotSpan = time.TimestampFrequency * (long)Span.TotalSeconds / Slots;
    private readonly long[] _slots = new long[Slots]; // from the top: number of the slot, calls, failures, refusals; 16 bits each

    /// <summary>Counts.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="calls">Calls that are over, or were answered.</param>
    /// <param name="failures">Failures among them or earlier ones.</param>
    /// <param name="refusals">Refusals, likewise.</param>
    public void Add(long now, int calls, int failures = 0, int refusals = 0)
    {
        var number = now / _slotSpan;
        ref var slot = ref _slots[number % Slots];
        while (true)
        {
            var before = Volatile.Read(ref slot);
            var fresh = (before >> 48 & 0xFFFF) != (number & 0xFFFF);
            var (c, f, r) = fresh ? (0, 0, 0) : (before >> 32 & 0xFFFF, before >> 16 & 0xFFFF, before & 0xFFFF);
            if (c + calls > Most || f + failures > Most || r + refusals > Most)
                return; // the first 65,535 of two seconds say enough
            var after = (number & 0xFFFF) << 48 | (c + calls) << 32 | (f + failures) << 16 | (r + refusals);
            if (Interlocked.CompareExchange(ref slot, after, before) == before)
                return;
        }
    }

    /// <summary>The sums.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    public CallCounts Sum(long now)
    {
        var number = now / _slotSpan;
        var (calls, failures, refusals) = (0L, 0L, 0L);
        for (var i = 0; i < Slots; i++)
        {
            var slot = Volatile.Read(ref _slots[i]);
            if ((number - (slot >> 48 & 0xFFFF) & 0xFFFF) >= Slots)
                continue;
            calls += slot >> 32 & 0xFFFF;
            failures += slot >> 16 & 0xFFFF;
            refusals += slot & 0xFFFF;
        }

        return new CallCounts((int)calls, (int)failures, (int)refusals);
    }

    /// <summary>Forgets.</summary>
    public void Clear()
    {
        for (var i = 0; i < Slots; i++)
            Volatile.Write(ref _slots[i], 0);
    }
}
