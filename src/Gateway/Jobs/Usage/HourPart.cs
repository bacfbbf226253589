using Gateway.Metering;

namespace Gateway.Jobs.Usage;

/// <summary>
/// One value of an hour's rollup of one replica: sums, and which sequences are in them, so that what is written together is right together. An hour
/// with more series than a value should hold has several parts; an entry belongs to the first part that has its series or room for it.
/// <para>
/// A part never loses a series and a full part never gains one. So of an entry that a part has seen, the part tells for ever whether it took it (it has the
/// series) or passed it on (it has not).
/// </para>
/// </summary>
internal sealed class HourPart
{
    /// <summary>The most series of a part.</summary>
    public const int MaxSeries = 2_000;

    /// <summary>A part with so many characters of text takes no more series.</summary>
    public const int MaxTextLength = 256 << 10;

    /// <summary>The most parts of an hour and replica. In the last one, series for which there is no room are folded: their models are no longer told apart.</summary>
    public const int MaxParts = 16;

    /// <summary>The sequences this part has seen.</summary>
    public RangeSet Applied { get; init; } = new();

    /// <summary>The sums.</summary>
    public List<RollupLine> Lines { get; init; } = [];

    /// <summary>Whether it takes no more series.</summary>
    public bool IsFull() => Lines.Count >= MaxSeries || Lines.Sum(line => line.TextLength) >= MaxTextLength;

    /// <summary>Counts sums of entries of which it has seen none.</summary>
    /// <param name="lines">Sums of its hour and replica that the parts before have passed on.</param>
    /// <param name="first">The first sequence that may be in them.</param>
    /// <param name="last">The last.</param>
    /// <param name="isLast">Whether no part may follow.</param>
    /// <returns>What it passes on; null: it has seen some, and nothing has been done.</returns>
    public List<RollupLine>? Apply(IReadOnlyList<RollupLine> lines, long first, long last, bool isLast)
    {
        if (Applied.Overlaps(first, last))
            return null;
        var index = new Dictionary<UsageSeries, int>(Lines.Count);
        for (var i = 0; i < Lines.Count; i++)
            index[Lines[i].Series] = i;
        var text = Lines.Sum(line => line.TextLength);
        var rest = new List<RollupLine>();
        foreach (var line in lines)
        {
            var taken = line;
            if (!index.ContainsKey(line.Series) && (Lines.Count >= MaxSeries || text >= MaxTextLength))
            {
                if (!isLast)
                {
                    rest.Add(line);
                    continue;
                }

                taken = line with { Series = line.Series.Fold() };
            }

            if (index.TryGetValue(taken.Series, out var at))
            {
                Lines[at] = Lines[at] with { Sums = Lines[at].Sums + taken.Sums };
                continue;
            }

            index[taken.Series] = Lines.Count;
            Lines.Add(taken);
            text += taken.TextLength;
        }

        Applied.Add(first, last);
        return rest;
    }

    /// <summary>Counts the entries that it has not seen and has room for.</summary>
    /// <param name="entries">Entries of its hour and replica that the parts before have passed on.</param>
    /// <param name="batch">The batch they are of: all its entries of this hour that concern this part are among them.</param>
    /// <param name="isLast">Whether no part may follow.</param>
    /// <returns>What it passes on.</returns>
    public List<LedgerEntry> Apply(IReadOnlyList<LedgerEntry> entries, UsageBatch batch, bool isLast)
    {
        var index = new Dictionary<UsageSeries, int>(Lines.Count);
        var text = 0;
        for (var i = 0; i < Lines.Count; i++)
        {
            index[Lines[i].Series] = i;
            text += Lines[i].TextLength;
        }

        var rest = new List<LedgerEntry>();
        foreach (var entry in entries)
        {
            var series = UsageSeries.Of(entry);
            var seen = Applied.Contains(entry.Sequence);
            if (index.TryGetValue(series, out var at))
            {
                if (!seen)
                    Lines[at] = Lines[at] with { Sums = Lines[at].Sums + UsageSums.Of(entry) };
            }
            else if (!seen && Lines.Count < MaxSeries && text < MaxTextLength)
            {
                Take(series, entry);
            }
            else if (!isLast)
            {
                rest.Add(entry);
            }
            else if (!seen)
            {
                var folded = series.Fold();
                if (index.TryGetValue(folded, out at))
                    Lines[at] = Lines[at] with { Sums = Lines[at].Sums + UsageSums.Of(entry) };
                else
                    Take(folded, entry);
            }
        }

        Applied.Add(batch.First, batch.Last);
        return rest;

        void Take(UsageSeries series, LedgerEntry entry)
        {
            index[series] = Lines.Count;
            var line = new RollupLine(series, UsageSums.Of(entry));
            Lines.Add(line);
            text += line.TextLength;
        }
    }
}
