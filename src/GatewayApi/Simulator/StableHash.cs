using System.Runtime.InteropServices;

namespace GatewayApi.Simulator;

/// <summary>Hashes that are the same in every process, so that the same request gets the same answer.</summary>
internal static class StableHash
{
    /// <summary>FNV-1a over bytes, finished so that nearby seeds give unlike values.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var hash = 14695981039346656037UL ^ Mix(seed);
        foreach (var value in bytes)
            hash = (hash ^ value) * 1099511628211UL;
        return Mix(hash);
    }

    /// <summary>The hash of a text's UTF-16 units.</summary>
    public static ulong Of(ReadOnlySpan<char> text, ulong seed = 0) => Of(MemoryMarshal.AsBytes(text), seed);

    /// <summary>The next value of a SplitMix64 sequence for that state.</summary>
    public static ulong Mix(ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EBUL;
        return state ^ (state >> 31);
    }

    /// <summary>A value in [0, 1) from a hash.</summary>
    public static double Unit(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));
}
