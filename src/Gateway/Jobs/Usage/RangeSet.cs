namespace Gateway.Jobs.Usage;

/// <summary>A set of sequences as ranges that neither touch nor overlap, in rising order.</summary>
internal sealed class RangeSet
{
    /// <summary>First and last of each range, one after the other.</summary>
    public List<long> Bounds { get; init; } = [];

    /// <summary>The last sequence of which all from 1 on are in the set; 0: not even 1.</summary>
    public long Through() => Bounds.Count > 0 && Bounds[0] <= 1 ? Bounds[1] : 0;

    /// <summary>Whether a sequence is in the set.</summary>
    public bool Contains(long sequence) => Contains(sequence, sequence);

    /// <summary>Whether all of a range is in the set.</summary>
    public bool Contains(long first, long last)
    {
        var index = FirstEndingAt(first);
        return index < Bounds.Count && Bounds[index] <= first && Bounds[index + 1] >= last;
    }

    /// <summary>Whether any of a range is in the set.</summary>
    public bool Overlaps(long first, long last)
    {
        var index = FirstEndingAt(first);
        return index < Bounds.Count && Bounds[index] <= last;
    }

    /// <summary>Adds a range.</summary>
    /// <returns>False when all of it was there.</returns>
    public bool Add(long first, long last)
    {
        if (Contains(first, last))
            return false;
        var from = FirstEndingAt(first - 1);
        var to = from;
        for (; to < Bounds.Count && Bounds[to] <= last + 1; to += 2)
        {
            first = Math.Min(first, Bounds[to]);
            last = Math.Max(last, Bounds[to + 1]);
        }

        Bounds.RemoveRange(from, to - from);
        Bounds.InsertRange(from, [first, last]);
        return true;
    }

    /// <summary>Where the first range begins that ends at a sequence or later.</summary>
    private int FirstEndingAt(long sequence)
    {
        var (low, high) = (0, Bounds.Count / 2);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Bounds[(2 * middle) + 1] < sequence)
                low = middle + 1;
            else
                high = middle;
        }

        return 2 * low;
    }
}
