using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Gateway.Admission;

/// <summary>Virtual keys by hash. Immutable; swapped whole.</summary>
internal sealed class KeyRing
{
    private readonly FrozenDictionary<ulong, VirtualKey[]> _byPrefix;
    private readonly KeyHasher _hasher;

    public KeyRing(KeyHasher hasher, IEnumerable<VirtualKey> keys)
    {
        _hasher = hasher;
        _byPrefix = keys.GroupBy(key => Prefix(key.Hash)).ToFrozenDictionary(group => group.Key, group => group.ToArray());
    }

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
        foreach (var candidate in candidates)
        {
            if (CryptographicOperations.FixedTimeEquals(candidate.Hash, hash))
                found = candidate;
        }

        return found;
    }

    /// <summary>Whether a key that was found earlier is still here, with the same value, and not disabled.</summary>
    public bool Holds(VirtualKey key)
    {
        foreach (var candidate in _byPrefix.GetValueOrDefault(Prefix(key.Hash)) ?? [])
        {
            if (candidate.Id == key.Id && !candidate.Disabled && candidate.Hash.AsSpan().SequenceEqual(key.Hash))
                return true;
        }

        return false;
    }

    private static ulong Prefix(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);
}
