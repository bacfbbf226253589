using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace Gateway.Metering;

/// <summary>A place between two entries. Opaque to callers, so that its make-up may change.</summary>
/// <param name="TimeMicros">Time of the entry before it.</param>
/// <param name="Replica">Replica of the entry before it.</param>
/// <param name="Sequence">Sequence of the entry before it.</param>
internal readonly record struct LedgerCursor(long TimeMicros, string Replica, long Sequence)
{
    private const int FixedLength = 2 * sizeof(long);

    /// <summary>The place after this entry.</summary>
    public static LedgerCursor Of(LedgerEntry entry) => new(LedgerTime.ToMicros(entry.Time), entry.Replica, entry.Sequence);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It did not write this.</exception>
    public static LedgerCursor Parse(string text)
    {
        if (!Base64Url.IsValid(text, out var length) || length <= FixedLength)
            throw new FormatException("The cursor is not valid.");
        var bytes = Base64Url.DecodeFromChars(text);
        return new LedgerCursor(
            BinaryPrimitives.ReadInt64BigEndian(bytes),
            Encoding.UTF8.GetString(bytes.AsSpan(FixedLength)),
            BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(sizeof(long))));
    }

    /// <summary>The cursor as text, base64url.</summary>
    public override string ToString()
    {
        var bytes = new byte[FixedLength + Encoding.UTF8.GetByteCount(Replica)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, TimeMicros);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(sizeof(long)), Sequence);
        Encoding.UTF8.GetBytes(Replica, bytes.AsSpan(FixedLength));
        return Base64Url.EncodeToString(bytes);
    }
}
