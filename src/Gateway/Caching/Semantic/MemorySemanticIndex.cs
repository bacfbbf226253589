using System.Buffers;

namespace Gateway.Caching.Semantic;

/// <summary>The index of one process: every entry of the scope is compared, so it is exact, and as slow as the scope is large.</summary>
internal sealed class MemorySemanticIndex : ISemanticIndex
{
    private readonly MemoryIndexOptions _options;
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly Dictionary<IndexScope, List<MemoryEntry>> _scopes = [];
    private readonly Dictionary<(IndexScope, UInt128), LinkedListNode<MemoryEntry>> _byId = [];
    private readonly LinkedList<MemoryEntry> _byAge = new();
    private long _bytes;

    /// <summary>Makes an empty one.</summary>
    public MemorySemanticIndex(MemoryIndexOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Dimensions, IndexBounds.MaxDimensions);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxEntries, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBytes, 1L << 20);
        _options = options;
    }

    /// <inheritdoc/>
    public int Dimensions => _options.Dimensions;

    /// <summary>Entries held, expired ones that were not swept included.</summary>
    public int Count => Read(static self => self._byAge.Count);

    /// <summary>Bytes held; never more than was allowed.</summary>
    public long Bytes => Read(static self => self._bytes);

    /// <inheritdoc/>
    public ValueTask UpsertAsync(IndexScope scope, IndexEntry entry, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        IndexBounds.Check(entry, Dimensions);
        var unit = new float[Dimensions];
        VectorMath.Normalise(entry.Vector.Span, unit);
        var made = new MemoryEntry(scope, entry.Id, unit, entry.Payload.ToArray(), IndexBounds.Seconds(entry.Expires));
        Write(() =>
        {
            if (_byId.TryGetValue((scope, entry.Id), out var before))
                Remove(before);
            Add(made);
            while (_byAge.Count > _options.MaxEntries || _bytes > _options.MaxBytes)
                Remove(_byAge.First!);
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IndexMatch>> SearchAsync(IndexScope scope, IndexQuery query, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        IndexBounds.Check(query, Dimensions);
        var unit = ArrayPool<float>.Shared.Rent(Dimensions);
        _gate.EnterReadLock();
        try
        {
            if (!_scopes.TryGetValue(scope, out var entries))
                return new([]);
            VectorMath.Normalise(query.Vector.Span, unit.AsSpan(0, Dimensions));
            return new(Nearest(entries, unit.AsSpan(0, Dimensions), query));
        }
        finally
        {
            _gate.ExitReadLock();
            ArrayPool<float>.Shared.Return(unit);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> RemoveAsync(Tenant tenant, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        return new(RemoveWhere(entry => entry.Scope.Tenant == tenant, cancellation));
    }

    /// <inheritdoc/>
    public ValueTask<long> SweepAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var seconds = IndexBounds.Seconds(now);
        return new(RemoveWhere(entry => entry.Expires <= seconds, cancellation));
    }

    /// <inheritdoc/>
    public ValueTask ProbeAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The best so far are kept in order; there are few, so they are simply shifted.</summary>
    private static IndexMatch[] Nearest(List<MemoryEntry> entries, ReadOnlySpan<float> unit, IndexQuery query)
    {
        Span<(float Similarity, int Place)> best = stackalloc (float, int)[query.Top];
        var (found, now) = (0, IndexBounds.Seconds(query.Now));
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.Expires <= now)
                continue;
            var similarity = VectorMath.Dot(entry.Unit, unit);
            if (similarity < query.LeastSimilarity || (found == best.Length && similarity <= best[^1].Similarity))
                continue;
            var place = found < best.Length ? found++ : found - 1;
            for (; place > 0 && best[place - 1].Similarity < similarity; place--)
                best[place] = best[place - 1];
            best[place] = (similarity, i);
        }

        if (found == 0)
            return [];
        var matches = new IndexMatch[found];
        for (var i = 0; i < found; i++)
        {
            var entry = entries[best[i].Place];
            matches[i] = new IndexMatch(entry.Id, best[i].Similarity, entry.Payload, DateTimeOffset.FromUnixTimeSeconds(entry.Expires));
        }

        return matches;
    }

    private long RemoveWhere(Predicate<MemoryEntry> isMeant, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var removed = 0L;
        Write(() =>
        {
            for (var node = _byAge.First; node is not null;)
            {
                var next = node.Next;
                if (isMeant(node.Value))
                {
                    Remove(node);
                    removed++;
                }

                node = next;
            }
        });
        return removed;
    }

    private void Add(MemoryEntry entry)
    {
        if (!_scopes.TryGetValue(entry.Scope, out var entries))
            _scopes.Add(entry.Scope, entries = []);
        entry.Place = entries.Count;
        entries.Add(entry);
        _byId.Add((entry.Scope, entry.Id), _byAge.AddLast(entry));
        _bytes += entry.Bytes;
    }

    private void Remove(LinkedListNode<MemoryEntry> node)
    {
        var entry = node.Value;
        var entries = _scopes[entry.Scope];
        // The last one takes its place.
        var last = entries[^1];
        (entries[entry.Place], last.Place) = (last, entry.Place);
        entries.RemoveAt(entries.Count - 1);
        if (entries.Count == 0)
            _scopes.Remove(entry.Scope);
        _byId.Remove((entry.Scope, entry.Id));
        _byAge.Remove(node);
        _bytes -= entry.Bytes;
    }

    private T Read<T>(Func<MemorySemanticIndex, T> read)
    {
        _gate.EnterReadLock();
        try
        {
            return read(this);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    private void Write(Action change)
    {
        _gate.EnterWriteLock();
        try
        {
            change();
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }
}
