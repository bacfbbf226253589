using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using CsCheck;
using Gateway.Transport;

namespace Gateway.Tests.Transport;

public class AmazonEventStreamReaderTests
{
    [Fact]
    public void TryRead_WrittenMessages_GivesTypePayloadAndEveryByte()
    {
        var stream = Three();
        var (frames, raw, pending) = ReadAll(stream);

        Assert.Equal(["messageStart {\"role\":\"assistant\"} False", "contentBlockDelta {\"delta\":{\"text\":\"世界 😀\"}} False", "throttlingException {\"message\":\"slow\"} True"], frames);
        Assert.Equal(stream, raw);
        Assert.Equal(0, pending);
    }

    [Fact]
    public void TryRead_SplitAtEveryByte_GivesTheSame()
    {
        var stream = Three();
        var expected = ReadAll(stream).Frames;
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var (frames, raw, _) = ReadAll(stream, cut);
            Assert.Equal(expected, frames);
            Assert.Equal(stream, raw);
        }
    }

    [Fact]
    public void TryRead_RandomMessagesInRandomPieces_GivesTheSame() =>
        Gen.Select(Gen.Byte.Array[0, 300].Array[1, 6], Gen.Int[0, 2000].Array[0, 12]).Sample((payloads, cuts) =>
        {
            var output = new ArrayBufferWriter<byte>();
            foreach (var payload in payloads)
                AmazonEventStreamWriter.WriteEvent(output, "chunk"u8, payload);
            var stream = output.WrittenSpan.ToArray();
            var (frames, raw, pending) = ReadAll(stream, [.. cuts.Where(cut => cut <= stream.Length)]);
            return pending == 0 && raw.AsSpan().SequenceEqual(stream)
                && frames.SequenceEqual(payloads.Select(payload => $"chunk {Encoding.UTF8.GetString(payload)} False{(payload.Length == 0 ? " none" : "")}"));
        });

    [Fact]
    public void TryRead_AnyByteDamaged_RejectsTheMessage()
    {
        var output = new ArrayBufferWriter<byte>();
        AmazonEventStreamWriter.WriteEvent(output, "metadata"u8, "{\"usage\":{}}"u8);
        var message = output.WrittenSpan.ToArray();
        for (var i = 0; i < message.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var damaged = message.ToArray();
                damaged[i] ^= (byte)(1 << bit);
                Assert.Throws<InvalidDataException>(() => ReadAll(damaged));
            }
        }
    }

    [Fact]
    public void TryRead_HeadersOfEveryType_FindsTheTypeAmongThem()
    {
        var headers = new List<byte>();
        foreach (var (type, size) in new[] { (0, 0), (1, 0), (2, 1), (3, 2), (4, 4), (5, 8), (8, 8), (9, 16) })
            headers.AddRange([2, (byte)'h', (byte)('0' + type), (byte)type, .. Enumerable.Repeat((byte)7, size)]);
        headers.AddRange([2, (byte)'b', (byte)'s', 6, 0, 3, 1, 2, 3]);
        headers.AddRange(TextHeader(":event-type", "chunk"));
        headers.AddRange(TextHeader("empty", ""));

        var (frames, _, _) = ReadAll(Message(headers.ToArray(), "x"u8));

        Assert.Equal(["chunk x False"], frames);
    }

    [Fact]
    public void TryRead_MessageWithoutHeadersOrPayload_HasNoData()
    {
        var (frames, _, _) = ReadAll(Message([], []));
        Assert.Equal(["  False none"], frames);
    }

    [Fact]
    public void TryRead_ErrorMessage_GivesItsCodeAndText()
    {
        byte[] headers = [.. TextHeader(":message-type", "error"), .. TextHeader(":error-code", "InternalError"), .. TextHeader(":error-message", "broken")];
        var (frames, _, _) = ReadAll(Message(headers, []));
        Assert.Equal(["InternalError broken True"], frames);
    }

    [Theory]
    [InlineData(new byte[] { 5, (byte)'a', (byte)'b' })]              // the name is longer than the headers
    [InlineData(new byte[] { 1, (byte)'a' })]                         // no type
    [InlineData(new byte[] { 1, (byte)'a', 10 })]                     // an unknown type
    [InlineData(new byte[] { 1, (byte)'a', 5, 0, 0 })]                // half a number
    [InlineData(new byte[] { 1, (byte)'a', 7, 0 })]                   // half a length
    [InlineData(new byte[] { 1, (byte)'a', 7, 255, 255, (byte)'x' })] // the text is longer than the headers
    public void TryRead_HeadersThatDoNotFit_RejectsTheMessage(byte[] headers) =>
        Assert.Throws<InvalidDataException>(() => ReadAll(Message(headers, "{}"u8)));

    [Theory]
    [InlineData(15u, 0u)]
    [InlineData(16u, 1u)]
    [InlineData(0u, 0u)]
    [InlineData(uint.MaxValue, 0u)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    [InlineData(16u + (128 * 1024) + 1, (128u * 1024) + 1)]
    [InlineData(16u + (24 * 1024 * 1024) + 1, 0u)]
    public void TryRead_ImpossibleLengths_AreRejectedBeforeTheBodyComes(uint total, uint headers)
    {
        var prelude = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(prelude, total);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(4), headers);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(8), Crc32.HashToUInt32(prelude.AsSpan(0, 8)));
        Assert.Throws<InvalidDataException>(() => ReadAll(prelude));
    }

    [Fact]
    public void TryRead_LargestPayload_IsRead()
    {
        var output = new ArrayBufferWriter<byte>();
        AmazonEventStreamWriter.WriteEvent(output, "chunk"u8, new byte[AmazonEventStreamReader.MaxPayload]);
        using var reader = FrameReaders.Create(StreamFraming.AmazonEventStream, 1024);
        Feed(reader, output.WrittenSpan);
        Assert.True(reader.TryRead(out var frame));
        Assert.Equal(AmazonEventStreamReader.MaxPayload, frame.Data.Length);
    }

    [Fact]
    public void TryReadRest_TruncatedMessage_IsNoFrame()
    {
        var stream = Three();
        for (var length = 1; length < stream.Length; length++)
        {
            using var reader = new AmazonEventStreamReader(16);
            Feed(reader, stream.AsSpan(0, length));
            var read = 0;
            while (reader.TryRead(out var frame))
                read += frame.Raw.Length;
            Assert.False(reader.TryReadRest(out _));
            Assert.Equal(length - read, reader.PendingBytes);
        }
    }

    [Fact]
    public void WriteEvent_KnownMessage_IsTheseBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        AmazonEventStreamWriter.WriteEvent(output, "ping"u8, "{}"u8);

        var bytes = output.WrittenSpan;
        Assert.Equal(bytes.Length, BinaryPrimitives.ReadInt32BigEndian(bytes));
        var headers = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]);
        byte[] expected = [.. TextHeader(":event-type", "ping"), .. TextHeader(":content-type", "application/json"), .. TextHeader(":message-type", "event")];
        Assert.Equal(expected, bytes.Slice(12, headers).ToArray());
        Assert.Equal("{}"u8, bytes[(12 + headers)..^4]);
    }

    private static byte[] Three()
    {
        var output = new ArrayBufferWriter<byte>();
        AmazonEventStreamWriter.WriteEvent(output, "messageStart"u8, "{\"role\":\"assistant\"}"u8);
        AmazonEventStreamWriter.WriteEvent(output, "contentBlockDelta"u8, Encoding.UTF8.GetBytes("{\"delta\":{\"text\":\"世界 😀\"}}"));
        AmazonEventStreamWriter.WriteException(output, "throttlingException"u8, "{\"message\":\"slow\"}"u8);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] TextHeader(string name, string value) =>
        [(byte)name.Length, .. Encoding.UTF8.GetBytes(name), 7, (byte)(value.Length >> 8), (byte)value.Length, .. Encoding.UTF8.GetBytes(value)];

    private static byte[] Message(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        var message = new byte[16 + headers.Length + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Crc32.HashToUInt32(message.AsSpan(0, 8)));
        headers.CopyTo(message.AsSpan(12));
        payload.CopyTo(message.AsSpan(12 + headers.Length));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(message.Length - 4), Crc32.HashToUInt32(message.AsSpan(0, message.Length - 4)));
        return message;
    }

    private static (List<string> Frames, byte[] Raw, int Pending) ReadAll(ReadOnlySpan<byte> stream, params int[] cuts)
    {
        using var reader = FrameReaders.Create(StreamFraming.AmazonEventStream, 16);
        var frames = new List<string>();
        var raw = new MemoryStream();
        var from = 0;
        foreach (var cut in cuts.Append(stream.Length).Order())
        {
            Feed(reader, stream[from..cut]);
            from = cut;
            while (reader.TryRead(out var frame))
            {
                raw.Write(frame.Raw);
                frames.Add($"{Encoding.UTF8.GetString(frame.Type)} {Encoding.UTF8.GetString(frame.Data)} {frame.IsException}{(frame.HasData ? "" : " none")}");
            }
        }

        return (frames, raw.ToArray(), reader.PendingBytes);
    }

    private static void Feed(IFrameReader reader, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(reader.GetMemory(bytes.Length).Span);
        reader.Advance(bytes.Length);
    }
}
