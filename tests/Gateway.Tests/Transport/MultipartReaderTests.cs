using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Transport;

public sealed partial class MultipartReaderTests
{
    // Pieces of boundaries, and what looks like one until the byte after it.
    private static readonly string[] Words = ["\r", "\n", "\r\n", "-", "--", "b", "x", "\r\n--", "\r\n--bx", "\r\n--b-x", "--b", "é"];

    private static readonly Gen<string> Content = Gen.Int[0, Words.Length - 1].Select(i => Words[i]).Array[0, 12].Select(string.Concat).Where(c => !Boundary().IsMatch(c + "\r\n"));

    [Fact]
    public void Read_CutAtEveryByte_GivesEveryPartAndEveryByte() =>
        Gen.Select(Content.Array[1, 4], Content, Gen.Bool).Sample(
            (contents, epilogue, hasPreamble) =>
            {
                var body = Encoding.UTF8.GetBytes(Body(contents, epilogue, hasPreamble));
                foreach (var chunks in ByteSplits.Every(body).Select(IEnumerable<ReadOnlyMemory<byte>> (c) => c).Append([body]).Append(ByteSplits.Single(body)))
                {
                    var (parts, all) = Read(chunks, body.Length);
                    Assert.Equal(contents.Select((c, i) => ((string?)$"f{i}", i % 2 == 1, c)), parts);
                    Assert.Equal("\r\n" + Encoding.UTF8.GetString(body), all); // the reader puts a line end in front of the first boundary
                }
            },
            iter: 200,
            threads: 1);

    [Fact]
    public void Read_CutOffAnywhere_IsAnError()
    {
        var body = Encoding.UTF8.GetBytes(Body(["one", "two"], "", hasPreamble: false));
        for (var length = 0; length < body.Length - 4; length++) // without the last dashes and line end
        {
            var cut = body.AsMemory(0, length);
            Assert.Throws<InvalidDataException>(() => Read([cut], body.Length));
        }
    }

    [Fact]
    public void Read_LargerThanAllowed_IsAnErrorHoweverItIsCut()
    {
        var body = Encoding.UTF8.GetBytes(Body(["one"], "", hasPreamble: false));
        foreach (var chunks in ByteSplits.Every(body))
        {
            Assert.Throws<UploadTooLargeException>(() => Read(chunks, body.Length - 1));
            Assert.Single(Read(chunks, body.Length).Parts);
        }
    }

    private static string Body(string[] contents, string epilogue, bool hasPreamble)
    {
        var body = new StringBuilder(hasPreamble ? "preamble\r\n" : "");
        for (var i = 0; i < contents.Length; i++)
            body.Append("--b\r\nContent-Disposition: form-data; name=\"f").Append(i).Append(i % 2 == 1 ? "\"; filename=\"x\"" : "\"").Append("\r\n\r\n").Append(contents[i]).Append("\r\n");
        return body.Append("--b--\r\n").Append(epilogue).ToString();
    }

    private static (List<(string? Name, bool IsFile, string Text)> Parts, string All) Read(IEnumerable<ReadOnlyMemory<byte>> chunks, long limit)
    {
        using var reader = new MultipartReader(new ChunkStream(chunks), "b", limit);
        var parts = new List<(string? Name, bool IsFile, MemoryStream Bytes)>();
        using var all = new MemoryStream();
        while (true)
        {
            var reading = reader.NextAsync(CancellationToken.None).AsTask();
            Assert.True(reading.IsCompleted); // the stream has everything at hand
            var piece = reading.GetAwaiter().GetResult();
            if (piece.Kind == MultipartPieceKind.End)
                return ([.. parts.Select(p => (p.Name, p.IsFile, Encoding.UTF8.GetString(p.Bytes.ToArray())))], Encoding.UTF8.GetString(all.ToArray()));
            all.Write(piece.Bytes.Span);
            if (piece.Kind == MultipartPieceKind.Head)
                parts.Add((piece.Name, piece.IsFile, new MemoryStream()));
            else if (piece.Kind == MultipartPieceKind.Content)
                parts[^1].Bytes.Write(piece.Bytes.Span);
        }
    }

    [GeneratedRegex("\r\n--b(--|[ \t]*\r\n)")]
    private static partial Regex Boundary();
}
