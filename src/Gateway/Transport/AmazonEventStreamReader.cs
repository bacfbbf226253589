using System.Buffers.Binary;
using System.IO.Hashing;

namespace Gateway.Transport;

/// <summary>
/// Cuts a byte stream into messages of Amazon's binary event stream: total length, headers length, CRC-32 of these two, headers, payload,
/// CRC-32 of all before it; numbers are big-endian. Both checksums are checked. A message that says <c>error</c> and has no payload gives its
/// <c>:error-message</c> as data.
/// </summary>
internal sealed class AmazonEventStreamReader(int initialCapacity) : IFrameReader
{
    /// <summary>Bytes of a message beside its headers and payload.</summary>
    public const int Overhead = PreludeLength + ChecksumLength;

    /// <summary>Most bytes of one message's headers.</summary>
    public const int MaxHeaders = 128 * 1024;

    /// <summary>Most bytes of one message's payload.</summary>
    public const int MaxPayload = 24 * 1024 * 1024;

    private const int PreludeLength = 12;
    private const int ChecksumLength = 4;

    private readonly PooledBuffer _buffer = new(Math.Max(initialCapacity, Overhead));
    private int _start; // first byte of the current message

    /// <inheritdoc/>
    public int PendingBytes => _buffer.Length - _start;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint)
    {
        _buffer.RemoveStart(_start);
        _start = 0;
        return _buffer.GetMemory(sizeHint);
    }

    /// <inheritdoc/>
    public void Advance(int count) => _buffer.Advance(count);

    /// <inheritdoc/>
    public bool TryRead(out StreamFrame frame)
    {
        frame = default;
        var bytes = _buffer.WrittenSpan[_start..];
        if (bytes.Length < PreludeLength)
            return false;
        var (total, headers) = ReadPrelude(bytes);
        if (bytes.Length < total)
            return false;
        var raw = bytes[..total];
        if (Crc32.HashToUInt32(raw[..^ChecksumLength]) != BinaryPrimitives.ReadUInt32BigEndian(raw[^ChecksumLength..]))
            throw new InvalidDataException("An event-stream message has a wrong checksum.");
        _start += total;
        frame = Open(raw, raw.Slice(PreludeLength, headers), raw[(PreludeLength + headers)..^ChecksumLength]);
        return true;
    }

    /// <summary>Never a frame: a message without its checksum is no message. What is left shows in <see cref="PendingBytes"/>.</summary>
    public bool TryReadRest(out StreamFrame frame)
    {
        frame = default;
        return false;
    }

    public void Dispose() => _buffer.Dispose();

    private static (int Total, int Headers) ReadPrelude(ReadOnlySpan<byte> bytes)
    {
        var total = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if (Crc32.HashToUInt32(bytes[..8]) != BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]))
            throw new InvalidDataException("An event-stream message begins with a wrong checksum.");
        if (headers > MaxHeaders || total < Overhead + headers || total - Overhead - headers > MaxPayload)
            throw new InvalidDataException("An event-stream message has an impossible length.");
        return ((int)total, (int)headers);
    }

    private static StreamFrame Open(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> eventType = default, exceptionType = default, errorCode = default, errorMessage = default;
        var isException = false;
        while (!headers.IsEmpty)
        {
            headers = headers[AmazonEventStreamHeader.Read(headers, out var name, out var text)..];
            if (name.SequenceEqual(":message-type"u8))
                isException = !text.SequenceEqual("event"u8);
            else if (name.SequenceEqual(":event-type"u8))
                eventType = text;
            else if (name.SequenceEqual(":exception-type"u8))
                exceptionType = text;
            else if (name.SequenceEqual(":error-code"u8))
                errorCode = text;
            else if (name.SequenceEqual(":error-message"u8))
                errorMessage = text;
        }

        var type = !isException ? eventType : exceptionType.IsEmpty ? errorCode : exceptionType;
        var data = isException && payload.IsEmpty ? errorMessage : payload;
        return new StreamFrame(raw, data, !data.IsEmpty) { Type = type, IsException = isException };
    }
}
