using System.Text;
using CsCheck;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.Gemini;

/// <summary>Golden exchanges: what Gemini's wire can say survives reading and writing it.</summary>
public class GeminiGoldenTests
{
    public static TheoryData<string> Streams => ["text", "thinking-tools", "signature-on-empty-text", "blocked", "two-candidates", "image", "grounded"];

    [Theory]
    [InlineData("request", GeminiRig.Newest, "gemini")]
    [InlineData("request-tools", GeminiRig.Newest, "gemini")]
    [InlineData("request-vertex", "gemini-2.5-flash", "vertex")]
    public void Request_ReadAndWritten_IsTheSame(string name, string model, string kind)
    {
        var golden = GoldenFile.Text($"gemini/{name}.json");
        var (body, dropped) = CodecRig.WriteRequest(GeminiRig.Codec, CodecRig.ReadRequest(GeminiRig.Codec, golden), GeminiRig.Target(model, kind));
        JsonSame.Assert(golden, body);
        Assert.Empty(dropped.Paths);
    }

    [Theory]
    [InlineData("reply")]
    [InlineData("reply-tools")]
    [InlineData("reply-blocked")]
    public void Reply_ReadAndWritten_IsTheSame(string name)
    {
        var golden = GoldenFile.Text($"gemini/{name}.json");
        JsonSame.Assert(golden, CodecRig.WriteReply(GeminiRig.Codec, GeminiRig.Codec.ReadReply(Encoding.UTF8.GetBytes(golden))!));
    }

    [Fact]
    public void ReadReply_Whole_IsUnderstood()
    {
        var reply = GeminiRig.Codec.ReadReply(GoldenFile.Bytes("gemini/reply.json"))!;
        Assert.Equal(("r-1", "gemini-3-pro"), (reply.Id, reply.Model));
        Assert.Equal(new Gateway.Metering.TokenUsage(20, 12, CacheRead: 8, Reasoning: 7), reply.Usage);
        Assert.Equal([FinishReason.Stop, FinishReason.ContentFilter], reply.Choices.Select(c => c.Finish));
        Assert.Equal("They are two.", Assert.IsType<ReasoningPart>(reply.Choices[0].Parts[0]).Text);
        var text = Assert.IsType<TextPart>(reply.Choices[0].Parts[1]);
        Assert.Contains("https://example.com/a", text.Citations.ToString());
        Assert.Equal("image/png", Assert.IsType<ImagePart>(reply.Choices[1].Parts[0]).Source.MediaType);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Decode_CutAnywhere_GivesTheSameEvents(string name)
    {
        var stream = GoldenFile.Bytes($"gemini/{name}.sse");
        var whole = Decode(stream);
        for (var cut = 1; cut < stream.Length; cut++)
            Assert.Equal(whole, Decode(stream, cut));
        Gen.Int[0, stream.Length].Array[0, 20].Sample(cuts => Decode(stream, cuts).SequenceEqual(whole), iter: 100);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Encode_DecodedStream_SaysTheSame(string name)
    {
        var events = Decode(GoldenFile.Bytes($"gemini/{name}.sse"));
        var again = Decode(CodecRig.Encode(GeminiRig.Codec, events));
        foreach (var choice in new[] { 0, 1 })
            Assert.Equal(Canonical.OfStream(events.Where(e => e.Choice == choice)), Canonical.OfStream(again.Where(e => e.Choice == choice)));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Decode_WholeStream_IsFinishedWithoutATerminalFrame(string name)
    {
        var (_, verdicts, decoder) = CodecRig.Decode(GeminiRig.Codec, StreamFraming.ServerSentEvents, GoldenFile.Bytes($"gemini/{name}.sse"));
        Assert.True(decoder.Finished);
        Assert.DoesNotContain(TapVerdict.Terminal, verdicts);
        Assert.Contains(TapVerdict.Content, verdicts);
        Assert.DoesNotContain(TapVerdict.Malformed, verdicts);
    }

    private static List<ChatEvent> Decode(byte[] stream, params int[] cuts) =>
        CodecRig.Decode(GeminiRig.Codec, StreamFraming.ServerSentEvents, stream, cuts).Events;
}
