namespace Gateway.Routing;

/// <summary>
/// Keeps decision records in memory for a while: no more than <see cref="MaxPerKey"/> of a key, <see cref="MaxRecords"/> or
/// <see cref="MaxBytes"/> in all, for <see cref="Age"/>. The oldest go first, so that one key can't push another's out before its own.
/// Safe for any number of threads.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class DecisionLog(TimeProvider time)
{
    /// <summary>The most records of one virtual key.</summary>
    public const int MaxPerKey = 100;

    /// <summary>The most records of all keys.</summary>
    public const int MaxRecords = 4_000;

    /// <summary>The most bytes of JSON of all keys.</summary>
    public const int MaxBytes = 8 << 20;

    /// <summary>How long a record is kept.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly LinkedList<Kept> _all = new(); // oldest first
    private readonly Dictionary<string, LinkedList<Kept>> _keys = new(StringComparer.Ordinal); // the same of each key, in the same order
    private long _bytes;

    /// <summary>How many records there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                Expire();
                return _all.Count;
            }
        }
    }

    /// <summary>Keeps a record, in place of an earlier one of the same key and id.</summary>
    public void Keep(DecisionRecord record)
    {
        lock (_gate)
        {
            Expire();
            if (_keys.TryGetValue(record.KeyId, out var own))
            {
                if (Find(own, record.RequestId) is { } earlier)
                    Remove(earlier);
                else if (own.Count >= MaxPerKey)
                    Remove(own.First!.Value);
            }

            var kept = new Kept(record, time.GetTimestamp());
            _all.AddLast(kept.InAll);
            if (!_keys.TryGetValue(record.KeyId, out own))
                _keys.Add(record.KeyId, own = new LinkedList<Kept>());
            own.AddLast(kept.InKey);
            _bytes += record.Json.Length;
            while (_all.Count > MaxRecords || _bytes > MaxBytes)
                Remove(_all.First!.Value);
        }
    }

    /// <summary>The record of a key's request; null when there is none, or no longer.</summary>
    public DecisionRecord? Find(string keyId, string requestId)
    {
        lock (_gate)
        {
            Expire();
            return _keys.TryGetValue(keyId, out var own) ? Find(own, requestId)?.Record : null;
        }
    }

    /// <summary>The newest record of a request id among those that may be seen, whosever it is; null when there is none.</summary>
    public DecisionRecord? FindAny(string requestId, Func<DecisionRecord, bool> isSeen)
    {
        lock (_gate)
        {
            Expire();
            for (var node = _all.Last; node is not null; node = node.Previous)
            {
                if (node.Value.Record.RequestId == requestId && isSeen(node.Value.Record))
                    return node.Value.Record;
            }

            return null;
        }
    }

    private static Kept? Find(LinkedList<Kept> own, string requestId)
    {
        for (var node = own.Last; node is not null; node = node.Previous)
        {
            if (node.Value.Record.RequestId == requestId)
                return node.Value;
        }

        return null;
    }

    private void Expire()
    {
        while (_all.First is { Value: var oldest } && time.GetElapsedTime(oldest.At) >= Age)
            Remove(oldest);
    }

    private void Remove(Kept kept)
    {
        _all.Remove(kept.InAll);
        var own = _keys[kept.Record.KeyId];
        own.Remove(kept.InKey);
        if (own.Count == 0)
            _keys.Remove(kept.Record.KeyId);
        _bytes -= kept.Record.Json.Length;
    }

    private sealed class Kept
    {
        public Kept(DecisionRecord record, long at) => (Record, At, InAll, InKey) = (record, at, new(this), new(this));

        public DecisionRecord Record { get; }

        public long At { get; }

        public LinkedListNode<Kept> InAll { get; }

        public LinkedListNode<Kept> InKey { get; }
    }
}
