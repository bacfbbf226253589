using System.Buffers.Binary;

namespace Gateway.Transport;

/// <summary>One header of an Amazon event-stream message: length of the name (1 byte), name, type of the value (1 byte), value.</summary>
internal static class AmazonEventStreamHeader
{
    /// <summary>The type of text values.</summary>
    public const byte Text = 7;

    private const byte Bytes = 6;

    /// <summary>Reads the first header.</summary>
    /// <param name="headers">The headers that are left; not empty.</param>
    /// <param name="name">Its name.</param>
    /// <param name="text">Its value if that is text, otherwise empty.</param>
    /// <returns>Bytes it takes.</returns>
    /// <exception cref="InvalidDataException">It reaches beyond the end, or its type is unknown.</exception>
    public static int Read(ReadOnlySpan<byte> headers, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> text)
    {
        int nameLength = Slice(headers, 0, 1)[0];
        name = Slice(headers, 1, nameLength);
        var at = 1 + nameLength;
        var type = Slice(headers, at++, 1)[0];
        var hasLength = type is Bytes or Text;
        var length = hasLength ? BinaryPrimitives.ReadUInt16BigEndian(Slice(headers, at, 2)) : FixedLength(type);
        if (hasLength)
            at += 2;
        var value = Slice(headers, at, length);
        text = type == Text ? value : default;
        return at + length;
    }

    private static int FixedLength(byte type) => type switch
    {
        0 or 1 => 0, // true, false
        2 => 1,      // byte
        3 => 2,      // short
        4 => 4,      // int
        5 or 8 => 8, // long, timestamp
        9 => 16,     // uuid
        _ => throw new InvalidDataException("An event-stream header has an unknown type."),
    };

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> headers, int start, int length) => start + length <= headers.Length
        ? headers.Slice(start, length)
        : throw new InvalidDataException("An event-stream header reaches beyond its message.");
}
