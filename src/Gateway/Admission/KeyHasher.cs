using System.Security.Cryptography;
using System.Text;

namespace Gateway.Admission;

/// <summary>Keyed hashes of virtual keys: HMAC-SHA256 under a secret of the deployment, so that a stolen table can't be tried against lists.</summary>
internal sealed class KeyHasher(byte[] hashingKey)
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashLength = HMACSHA256.HashSizeInBytes;

    /// <summary>Longest key value accepted, in characters.</summary>
    public const int MaxKeyLength = 256;

    private readonly byte[] _hashingKey = hashingKey;

    /// <summary>The hash of a key's value.</summary>
    public byte[] Hash(string value)
    {
        var hash = new byte[HashLength];
        Hash(value, hash);
        return hash;
    }

    /// <summary>Writes the hash of a key's value into <paramref name="hash"/> (32 bytes).</summary>
    public void Hash(ReadOnlySpan<char> value, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[MaxKeyLength * 3];
        var length = Encoding.UTF8.GetBytes(value.Length > MaxKeyLength ? value[..MaxKeyLength] : value, bytes);
        HMACSHA256.HashData(_hashingKey, bytes[..length], hash);
    }
}
