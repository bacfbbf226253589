using Gateway.Admission;

namespace Gateway.Benchmarks.Operations;

/// <summary>Finding a caller among many keys.</summary>
internal sealed class KeyLookupOperation
{
    private readonly KeyRing _ring;
    private readonly KeyHashMemo? _memo;

    /// <param name="keys">How many keys there are.</param>
    /// <param name="sameConnection">Whether the connection has presented the key before.</param>
    public KeyLookupOperation(int keys, bool sameConnection)
    {
        var hasher = new KeyHasher(new byte[32]);
        _memo = sameConnection ? new KeyHashMemo() : null;
        _ring = new KeyRing(hasher, Enumerable.Range(0, keys).Select(i => new VirtualKey { Id = $"k{i}", Name = "", Hash = hasher.Hash($"gw-{i}"), Models = ["*"] }));
    }

    /// <summary>Finds one.</summary>
    public bool Run() => _ring.Find("gw-7", _memo) is not null;
}
