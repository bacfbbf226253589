using System.Security.Cryptography;

namespace Gateway.Admission;

/// <summary>The administrator's key, known only by its keyed hash.</summary>
internal sealed class AdminKey(KeyHasher hasher, byte[] hash)
{
    private readonly KeyHasher _hasher = hasher;
    private readonly byte[] _hash = hash;

    /// <summary>Whether the value is the admin key; constant time.</summary>
    public bool Is(ReadOnlySpan<char> value)
    {
        if (value.Length > KeyHasher.MaxKeyLength)
            return false;
        Span<byte> hash = stackalloc byte[KeyHasher.HashLength];
        _hasher.Hash(value, hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }
}
