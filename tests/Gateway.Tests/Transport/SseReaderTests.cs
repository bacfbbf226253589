using System.Text;
using CsCheck;
using Gateway.Transport;

namespace Gateway.Tests.Transport;

public class SseReaderTests
{
    public static TheoryData<string, string[]> Streams => new()
    {
        { "data: a\n\ndata: b\n\n", ["a", "b"] },
        { "data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"] },
        { "data: a\r\rdata: b\r\r", ["a", "b"] },
        { "data:a\n\ndata:  b\n\n", ["a", " b"] },
        { "event: x\nid: 7\ndata: a\n\n", ["a"] },
        { "data: a\ndata: b\ndata: c\n\n", ["a\nb\nc"] },
        { ": comment\n\ndata: a\n\n", ["<none>", "a"] },
        { "\uFEFFdata: a\n\n", ["a"] },
        { "data\n\n", [""] },
        { "data:\n\n", [""] },
        { "dataset: no\n\n", ["<none>"] },
        { "data: 世界 😀 é\n\ndata: [DONE]\n\n", ["世界 😀 é", "[DONE]"] },
        { "data: a\n\ndata: half", ["a", "half"] },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void TryRead_SplitAtEveryByte_GivesSameEventsAndEveryByte(string stream, string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        for (var split = 0; split <= bytes.Length; split++)
        {
            var (events, raw) = ReadAll([bytes[..split], bytes[split..]]);
            Assert.Equal(expected, events);
            Assert.Equal(bytes, raw);
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void TryRead_OneByteAtATime_GivesSameEventsAndEveryByte(string stream, string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        var (events, raw) = ReadAll([.. bytes.Select(b => new[] { b })]);
        Assert.Equal(expected, events);
        Assert.Equal(bytes, raw);
    }

    [Fact]
    public void TryRead_RandomBytesInRandomChunks_LosesNothing() =>
        Gen.Select(Gen.Int[0, 7].Select(i => "\n\rdat: \u00F0"u8[Math.Min(i, 7)]).Array[0, 200], Gen.Int[1, 17])
            .Sample((bytes, size) =>
            {
                var (_, raw) = ReadAll([.. bytes.Chunk(size)]);
                return raw.AsSpan().SequenceEqual(bytes);
            });

    [Fact]
    public void TryRead_EventWithoutBlankLine_WaitsForIt()
    {
        using var reader = new SseReader(64);
        Feed(reader, "data: a\n"u8);
        Assert.False(reader.TryRead(out _));
        Assert.Equal(8, reader.PendingBytes);
        Feed(reader, "\n"u8);
        Assert.True(reader.TryRead(out var frame));
        Assert.Equal("data: a\n\n", Encoding.UTF8.GetString(frame.Raw));
    }

    private static (List<string> Events, byte[] Raw) ReadAll(IEnumerable<byte[]> chunks)
    {
        using var reader = new SseReader(16);
        var events = new List<string>();
        var raw = new MemoryStream();
        foreach (var chunk in chunks)
        {
            Feed(reader, chunk);
            while (reader.TryRead(out var frame))
                Note(frame);
        }

        while (reader.TryRead(out var frame))
            Note(frame);
        if (reader.TryReadRest(out var rest))
        {
            raw.Write(rest.Raw);
            if (rest.HasData)
                events.Add(Encoding.UTF8.GetString(rest.Data));
        }

        return (events, raw.ToArray());

        void Note(in StreamFrame frame)
        {
            raw.Write(frame.Raw);
            events.Add(frame.HasData ? Encoding.UTF8.GetString(frame.Data) : "<none>");
        }
    }

    private static void Feed(SseReader reader, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(reader.GetMemory(bytes.Length).Span);
        reader.Advance(bytes.Length);
    }
}
