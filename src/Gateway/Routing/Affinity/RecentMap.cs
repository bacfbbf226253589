using System.Collections.Concurrent;

namespace Gateway.Routing.Affinity;

/// <summary>A map of bounded size that forgets what has not been touched for longest, roughly: it fills one half, and drops the other when that is full.</summary>
/// <param name="capacity">Entries that are kept at least, once there are so many; twice as many at most.</param>
internal sealed class RecentMap<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _turning = new();
    private ConcurrentDictionary<TKey, TValue> _young = new();
    private ConcurrentDictionary<TKey, TValue> _old = new();
    private int _count;

    /// <summary>Finds one, and keeps it from being forgotten soon.</summary>
    public bool TryGet(TKey key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TValue value)
    {
        if (Volatile.Read(ref _young).TryGetValue(key, out value))
            return true;
        if (!Volatile.Read(ref _old).TryGetValue(key, out value))
            return false;
        Set(key, value);
        return true;
    }

    /// <summary>Adds or replaces one.</summary>
    public void Set(TKey key, TValue value)
    {
        var young = Volatile.Read(ref _young);
        if (!young.TryAdd(key, value))
            young[key] = value;
        else if (Interlocked.Increment(ref _count) >= capacity)
            Turn(young);
    }

    private void Turn(ConcurrentDictionary<TKey, TValue> full)
    {
        lock (_turning)
        {
            if (!ReferenceEquals(full, _young))
                return; // another has
            Volatile.Write(ref _old, full);
            Volatile.Write(ref _young, new ConcurrentDictionary<TKey, TValue>());
            Volatile.Write(ref _count, 0);
        }
    }
}
