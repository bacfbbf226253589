using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace Gateway.Transport;

/// <summary>Writes messages of Amazon's binary event stream; see <see cref="AmazonEventStreamReader"/>. Payloads are JSON.</summary>
internal static class AmazonEventStreamWriter
{
    /// <summary>Writes one event.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="eventType">The event's name, such as <c>contentBlockDelta</c>; at most 255 bytes.</param>
    /// <param name="payload">The event's body, JSON.</param>
    public static void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> payload) =>
        Write(output, ":event-type"u8, eventType, "event"u8, payload);

    /// <summary>Writes one exception, after which the stream is over.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="exceptionType">The exception's name, such as <c>throttlingException</c>; at most 255 bytes.</param>
    /// <param name="payload">The exception's body, JSON.</param>
    public static void WriteException(IBufferWriter<byte> output, ReadOnlySpan<byte> exceptionType, ReadOnlySpan<byte> payload) =>
        Write(output, ":exception-type"u8, exceptionType, "exception"u8, payload);

    private static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> typeName, ReadOnlySpan<byte> type, ReadOnlySpan<byte> messageType, ReadOnlySpan<byte> payload)
    {
        var contentType = "application/json"u8;
        var headers = SizeOf(typeName, type) + SizeOf(":content-type"u8, contentType) + SizeOf(":message-type"u8, messageType);
        var total = AmazonEventStreamReader.Overhead + headers + payload.Length;
        var message = output.GetSpan(total)[..total];

        BinaryPrimitives.WriteInt32BigEndian(message, total);
        BinaryPrimitives.WriteInt32BigEndian(message[4..], headers);
        BinaryPrimitives.WriteUInt32BigEndian(message[8..], Crc32.HashToUInt32(message[..8]));
        var rest = message[12..];
        WriteHeader(ref rest, typeName, type);
        WriteHeader(ref rest, ":content-type"u8, contentType);
        WriteHeader(ref rest, ":message-type"u8, messageType);
        payload.CopyTo(rest);
        BinaryPrimitives.WriteUInt32BigEndian(message[^4..], Crc32.HashToUInt32(message[..^4]));
        output.Advance(total);
    }

    private static int SizeOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => 1 + name.Length + 1 + 2 + value.Length;

    private static void WriteHeader(ref Span<byte> rest, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        rest[0] = checked((byte)name.Length);
        name.CopyTo(rest[1..]);
        rest = rest[(1 + name.Length)..];
        rest[0] = AmazonEventStreamHeader.Text;
        BinaryPrimitives.WriteUInt16BigEndian(rest[1..], checked((ushort)value.Length));
        value.CopyTo(rest[3..]);
        rest = rest[(3 + value.Length)..];
    }
}
