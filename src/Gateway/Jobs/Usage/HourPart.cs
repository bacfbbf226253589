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
        var sums = new Additions(Lines);
        var rest = lines.Where(line => !sums.TryAdd(line, isLast)).ToList();
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
        var sums = new Additions(Lines);
        var rest = new List<LedgerEntry>();
        foreach (var entry in entries)
        {
            var line = new RollupLine(UsageSeries.Of(entry), UsageSums.Of(entry));
            if (Applied.Contains(entry.Sequence) ? !isLast && !sums.Has(line.Series) : !sums.TryAdd(line, isLast))
                rest.Add(entry);
        }

        Applied.Add(batch.First, batch.Last);
        return rest;
    }

    /// <summary>Adds to lines, which nobody else changes meanwhile.</summary>
    private sealed class Additions
    {
        private readonly List<RollupLine> _lines;
        private readonly Dictionary<UsageSeries, int> _index;
        private int _text;

        public Additions(List<RollupLine> lines)
        {
            (_lines, _index) = (lines, new Dictionary<UsageSeries, int>(lines.Count));
            for (var i = 0; i < lines.Count; i++)
            {
                _index[lines[i].Series] = i;
                _text += lines[i].TextLength;
            }
        }

        /// <summary>Whether a series has a line.</summary>
        public bool Has(UsageSeries series) => _index.ContainsKey(series);

        /// <summary>Adds to the series' own line, to a new one while there is room, or folded where no part may follow.</summary>
        /// <returns>False when it is for the next part.</returns>
        public bool TryAdd(RollupLine line, bool isLast)
        {
            if (!Has(line.Series) && (_lines.Count >= MaxSeries || _text >= MaxTextLength))
            {
                if (!isLast)
                    return false;
                line = line with { Series = line.Series.Fold() };
            }

            if (_index.TryGetValue(line.Series, out var at))
            {
                _lines[at] = _lines[at] with { Sums = _lines[at].Sums + line.Sums };
                return true;
            }

            _index[line.Series] = _lines.Count;
            _lines.Add(line);
            _text += line.TextLength;
            return true;
        }
    }
}
