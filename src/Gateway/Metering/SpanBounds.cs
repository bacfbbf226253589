using SQLitePCL;

namespace Gateway.Metering;

/// <summary>What a batch adds to the tables of <see cref="LedgerSpans"/>: a span is written when the batch leaves it. One thread at a time.</summary>
/// <param name="widen">The prepared <see cref="Widen"/>.</param>
/// <param name="addKey">The prepared <see cref="AddKey"/>.</param>
/// <param name="run">Runs a statement.</param>
internal sealed class SpanBounds(sqlite3_stmt widen, sqlite3_stmt addKey, Action<sqlite3_stmt> run)
{
    private static readonly int Key = LedgerFields.IndexOf("key_id");

    private readonly HashSet<byte[]> _keys = new(new BytesComparer());
    private byte[]? _lastKey;
    private long _span = -1;
    private long _least;
    private long _greatest;

    /// <summary>The statement that makes a span as wide as it must be.</summary>
    public static string Widen =>
        "INSERT INTO ledger_spans (span, least, greatest) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET least = min(least, excluded.least), greatest = max(greatest, excluded.greatest)";

    /// <summary>The statement that notes a key of a span.</summary>
    public static string AddKey => "INSERT OR IGNORE INTO ledger_span_keys (span, key_id) VALUES (?, ?)";

    /// <summary>Takes an entry.</summary>
    /// <param name="id">Its id; ids rise.</param>
    /// <param name="entry">The entry.</param>
    public void Add(long id, EntryValues entry)
    {
        var time = entry.TimeMicros;
        if (LedgerSpans.Of(id) != _span)
        {
            Write();
            (_span, _least, _greatest) = (LedgerSpans.Of(id), time, time);
        }

        _least = Math.Min(_least, time);
        _greatest = Math.Max(_greatest, time);
        var key = entry[Key].Text;
        if (_lastKey is not null && key.SequenceEqual(_lastKey))
            return;
        if (!_keys.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out _lastKey))
            _keys.Add(_lastKey = key.ToArray());
    }

    /// <summary>Writes the span that is open, if one is, and closes it.</summary>
    public void Write()
    {
        if (_span < 0)
            return;
        raw.sqlite3_bind_int64(widen, 1, _span);
        raw.sqlite3_bind_int64(widen, 2, _least);
        raw.sqlite3_bind_int64(widen, 3, _greatest);
        run(widen);
        raw.sqlite3_bind_int64(addKey, 1, _span);
        foreach (var key in _keys)
        {
            raw.sqlite3_bind_text(addKey, 2, key.AsSpan());
            run(addKey);
        }

        Clear();
    }

    /// <summary>Forgets the span that is open.</summary>
    public void Clear()
    {
        _span = -1;
        _lastKey = null;
        _keys.Clear();
    }
}
