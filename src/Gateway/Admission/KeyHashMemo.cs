using System.Runtime.InteropServices;

namespace Gateway.Admission;

/// <summary>
/// The hash of the key that a connection presented last: clients keep connections open, and hashing each time is most of what admission
/// costs. Only the hashing is remembered, never a verdict: the ring is asked every time, so a revoked key is refused at once.
/// </summary>
internal sealed class KeyHashMemo
{
    private volatile Entry? _last;

    /// <summary>Writes the hash of <paramref name="value"/> into <paramref name="hash"/> (32 bytes).</summary>
    public void Hash(KeyHasher hasher, ReadOnlySpan<char> value, Span<byte> hash)
    {
        if (_last is { } last && last.Hasher == hasher
            && FixedTime.AreEqual(MemoryMarshal.AsBytes(value), MemoryMarshal.AsBytes(last.Value.AsSpan())))
        {
            last.Hash.CopyTo(hash);
            return;
        }

        hasher.Hash(value, hash);
        _last = new Entry(hasher, value.ToString(), hash.ToArray());
    }

    private sealed record Entry(KeyHasher Hasher, string Value, byte[] Hash);
}
