using System.Buffers.Binary;
using System.Buffers.Text;

namespace Gateway.Metering;

/// <summary>A place between two entries. Opaque to callers, so that its make-up may change.</summary>
/// <param name="TimeMicros">Time of the entry before it.</param>
/// <param name="Id">The store's id of the entry before it.</param>
internal readonly record struct LedgerCursor(long TimeMicros, long Id)
{
    private const int Length = 2 * sizeof(long);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It did not write this.</exception>
    public static LedgerCursor Parse(string text)
    {
        if (!Base64Url.IsValid(text, out var length) || length != Length)
            throw new FormatException("The cursor is not valid.");
        Span<byte> bytes = stackalloc byte[Length];
        Base64Url.DecodeFromChars(text, bytes);
        return new LedgerCursor(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[sizeof(long)..]));
    }

    /// <summary>The cursor as text, base64url.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, TimeMicros);
        BinaryPrimitives.WriteInt64BigEndian(bytes[sizeof(long)..], Id);
        return Base64Url.EncodeToString(bytes);
    }
}
