using System.Buffers.Binary;
using System.Collections.Frozen;

namespace Gateway.Admission;

/// <summary>Virtual keys by the hashes of their values. Immutable; swapped whole.</summary>
internal sealed class KeyRing
{
    private readonly FrozenDictionary<ulong, Entry[]> _byPrefix;
    private readonly KeyHasher _hasher;

    /// <summary>Builds a ring.</summary>
    /// <param name="hasher">The deployment's hasher.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="time">The clock that values expire by; null: the system's.</param>
    public KeyRing(KeyHasher hasher, IEnumerable<VirtualKey> keys, TimeProvider? time = null)
    {
        (_hasher, Time) = (hasher, time ?? TimeProvider.System);
        var entries = new Dictionary<ulong, Entry[]>();
        foreach (var key in keys)
        {
            Add(new Entry(key.Hash, null, key));
            foreach (var earlier in key.EarlierHashes)
                Add(new Entry(earlier.Hash, earlier.Until, key));
        }

        _byPrefix = entries.ToFrozenDictionary();

        void Add(Entry entry)
        {
            var prefix = Prefix(entry.Hash);
            entries[prefix] = entries.TryGetValue(prefix, out var twins) ? [.. twins, entry] : [entry];
        }
    }

    /// <summary>The clock that keys and their values expire by.</summary>
    public TimeProvider Time { get; }

    /// <summary>Finds the key with this value. The bucket is found by the keyed hash's first bytes, which tell a caller nothing; the rest is compared in constant time.</summary>
    /// <param name="value">The presented value.</param>
    /// <param name="memo">What the connection remembers, or null.</param>
    public VirtualKey? Find(ReadOnlySpan<char> value, KeyHashMemo? memo = null)
    {
        if (value.IsEmpty || value.Length > KeyHasher.MaxKeyLength)
            return null;
        Span<byte> hash = stackalloc byte[KeyHasher.HashLength];
        if (memo is null)
            _hasher.Hash(value, hash);
        else
            memo.Hash(_hasher, value, hash);
        if (!_byPrefix.TryGetValue(Prefix(hash), out var candidates))
            return null;
        VirtualKey? found = null;
        foreach (ref readonly var candidate in candidates.AsSpan())
        {
            if (FixedTime.AreEqual(candidate.Hash, hash) && (candidate.Until is not { } until || Time.GetUtcNow() < until))
                found = candidate.Key;
        }

        return found;
    }

    /// <summary>Whether a key that was found earlier is still here, with the same value, and neither disabled nor expired.</summary>
    public bool Holds(VirtualKey key)
    {
        var now = Time.GetUtcNow();
        foreach (var (hash, until, held) in _byPrefix.GetValueOrDefault(Prefix(key.Hash)) ?? [])
        {
            if (held.Id == key.Id && !held.Disabled && !(until <= now) && !(held.Expires <= now) && hash.AsSpan().SequenceEqual(key.Hash))
                return true;
        }

        return false;
    }

    private static ulong Prefix(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);

    private readonly record struct Entry(byte[] Hash, DateTimeOffset? Until, VirtualKey Key);
}
