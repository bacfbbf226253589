using System.Text;
using CsCheck;
using Gateway.Transport;

namespace Gateway.Tests.Transport;

public class JsonLinesReaderTests
{
    public static TheoryData<string, string[]> Streams => new()
    {
        { "{\"a\":1}\n{\"b\":2}\n", ["{\"a\":1}", "{\"b\":2}"] },
        { "{\"a\":1}\r\n{\"b\":2}\r\n", ["{\"a\":1}", "{\"b\":2}"] },
        { "{\"a\":1}\n\n \r\n{\"b\":2}\n", ["{\"a\":1}", "<none>", "<none>", "{\"b\":2}"] },
        { "{\"a\":1}\n{\"b\":2}", ["{\"a\":1}", "{\"b\":2}"] },
        { "{\"a\":1}\n{\"b\":", ["{\"a\":1}", "{\"b\":"] },
        { "{\"a\":\"世界 😀\"}\n", ["{\"a\":\"世界 😀\"}"] },
        { "", [] },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void TryRead_SplitAtEveryByte_GivesSameLinesAndEveryByte(string stream, string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        for (var split = 0; split <= bytes.Length; split++)
        {
            var (lines, raw) = ReadAll([bytes[..split], bytes[split..]]);
            Assert.Equal(expected, lines);
            Assert.Equal(bytes, raw);
        }
    }

    [Fact]
    public void TryRead_RandomBytesInRandomChunks_LosesNothing() =>
        Gen.Select(Gen.Int[0, 5].Select(i => "\n\r {}x"u8[i]).Array[0, 200], Gen.Int[1, 17])
            .Sample((bytes, size) => ReadAll([.. bytes.Chunk(size)]).Raw.AsSpan().SequenceEqual(bytes));

    [Fact]
    public void PendingBytes_LineWithoutEnd_CountsIt()
    {
        using var reader = FrameReaders.Create(StreamFraming.JsonLines, 16);
        Feed(reader, "{}\n{\"a\""u8);
        Assert.True(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
        Assert.Equal(4, reader.PendingBytes);
    }

    private static (List<string> Lines, byte[] Raw) ReadAll(IEnumerable<byte[]> chunks)
    {
        using var reader = FrameReaders.Create(StreamFraming.JsonLines, 16);
        var lines = new List<string>();
        var raw = new MemoryStream();
        foreach (var chunk in chunks)
        {
            Feed(reader, chunk);
            while (reader.TryRead(out var frame))
                Note(frame);
        }

        if (reader.TryReadRest(out var rest))
            Note(rest);
        return (lines, raw.ToArray());

        void Note(in StreamFrame frame)
        {
            raw.Write(frame.Raw);
            lines.Add(frame.HasData ? Encoding.UTF8.GetString(frame.Data) : "<none>");
        }
    }

    private static void Feed(IFrameReader reader, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(reader.GetMemory(Math.Max(1, bytes.Length)).Span);
        reader.Advance(bytes.Length);
    }
}
