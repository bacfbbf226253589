namespace Gateway.Tests.Testing;

/// <summary>Ways to cut bytes into writes.</summary>
internal static class ByteSplits
{
    /// <summary>Every way to cut the bytes in two: after the first byte, after the second, …</summary>
    public static IEnumerable<ReadOnlyMemory<byte>[]> Every(ReadOnlyMemory<byte> bytes)
    {
        for (var i = 1; i < bytes.Length; i++)
            yield return [bytes[..i], bytes[i..]];
    }

    /// <summary>One byte a write.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Single(ReadOnlyMemory<byte> bytes) => Of(bytes, 1);

    /// <summary>Writes of a size; the last may be shorter.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(ReadOnlyMemory<byte> bytes, int size)
    {
        for (var at = 0; at < bytes.Length; at += size)
            yield return bytes.Slice(at, Math.Min(size, bytes.Length - at));
    }
}
