using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Gateway.Admission;

/// <summary>Comparing secrets on every request.</summary>
internal static class FixedTime
{
    /// <summary>Whether two runs of bytes are the same, in a time that tells nothing but how long they are.</summary>
    /// <remarks>
    /// What the system's cryptography offers is never optimised and goes byte by byte: more than half a microsecond for a key and its hash. This is compiled as
    /// other code is, eight bytes at a time; no compiler leaves a loop early by itself.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
            return false;
        var difference = 0UL;
        for (; left.Length >= sizeof(ulong); left = left[sizeof(ulong)..], right = right[sizeof(ulong)..])
            difference |= BinaryPrimitives.ReadUInt64LittleEndian(left) ^ BinaryPrimitives.ReadUInt64LittleEndian(right);
        for (var i = 0; i < left.Length; i++)
            difference |= (uint)(left[i] ^ right[i]);
        return difference == 0;
    }
}
