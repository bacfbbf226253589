using System.Text;
using CsCheck;
using Gateway.Dialects.Ollama;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.Ollama;

/// <summary>What Ollama's wire can say survives reading and writing it.</summary>
public class OllamaRoundTripTests
{
    private static readonly OllamaCodec Codec = new();

    public static TheoryData<string> Streams => ["text", "thinking", "tools", "logprobs"];

    [Fact]
    public void Request_ReadAndWritten_IsTheSame()
    {
        var golden = GoldenFile.Text("ollama/request.json");
        var (body, dropped) = CodecRig.WriteRequest(Codec, CodecRig.ReadRequest(Codec, golden), CodecRig.Target("qwen3:8b"));
        JsonSame.Assert(golden, body);
        Assert.Empty(dropped.Paths);
    }

    [Fact]
    public void Reply_ReadAndWritten_IsTheSame()
    {
        var golden = GoldenFile.Text("ollama/reply.json");
        var envelope = CodecRig.Envelope() with { Created = new DateTimeOffset(2026, 8, 21, 10, 0, 0, TimeSpan.Zero).AddTicks(1_234_560) };
        JsonSame.Assert(golden, CodecRig.WriteReply(Codec, Codec.ReadReply(Encoding.UTF8.GetBytes(golden))!, envelope));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Decode_CutAnywhere_GivesTheSameEvents(string name)
    {
        var stream = GoldenFile.Bytes($"ollama/{name}.ndjson");
        var whole = CodecRig.Decode(Codec, StreamFraming.JsonLines, stream);
        for (var cut = 1; cut < stream.Length; cut++)
            Assert.Equal(whole.Events, CodecRig.Decode(Codec, StreamFraming.JsonLines, stream, cut).Events);
        Gen.Int[0, stream.Length].Array[0, 20].Sample(cuts => CodecRig.Decode(Codec, StreamFraming.JsonLines, stream, cuts).Events.SequenceEqual(whole.Events), iter: 100);
        Assert.Equal(TapVerdict.Terminal, whole.Verdicts[^1]);
        Assert.Equal(whole.Events, CodecRig.Decode(Codec, StreamFraming.JsonLines, stream.AsSpan(0, stream.Length - 1)).Events); // the last line lacks its LF
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Encode_DecodedStream_SaysTheSame(string name)
    {
        var events = CodecRig.Decode(Codec, StreamFraming.JsonLines, GoldenFile.Bytes($"ollama/{name}.ndjson")).Events;
        for (var i = 0; i < events.Count; i++)
            events[i] = events[i].Kind == ChatEventKind.ToolCallStart ? events[i] with { Id = events[i].Id ?? $"call_req-1_{events[i].Index}" } : events[i];
        Assert.Equal(Canonical.OfStream(events), Canonical.OfStream(CodecRig.Decode(Codec, StreamFraming.JsonLines, CodecRig.Encode(Codec, events)).Events));
    }

    [Fact]
    public void Request_Random_ReadsBackAsWritten() => Requests().Sample(request =>
    {
        var (body, dropped) = CodecRig.WriteRequest(Codec, request, CodecRig.Target("m"));
        Assert.Empty(dropped.Paths);
        Assert.Equal(Canonical.Of(request), Canonical.Of(CodecRig.ReadRequest(Codec, body)));
    }, iter: 400);

    [Fact]
    public void Reply_Random_ReadsBackAsWritten() =>
        RandomChat.Reply(FinishReason.Stop, FinishReason.Length, FinishReason.ContentFilter).Sample(reply =>
        {
            reply.Model = "m";
            Assert.Equal(Canonical.Of(reply), Canonical.Of(Codec.ReadReply(Encoding.UTF8.GetBytes(CodecRig.WriteReply(Codec, reply)))));
        }, iter: 400);

    [Fact]
    public void Stream_Random_DecodesAsEncoded() => RandomChat.Stream(interleaves: false).Sample(events =>
    {
        // Arguments are whole objects here: make them such.
        var valid = events.Select(e => e.Kind == ChatEventKind.ToolCallArguments && e.Text!.Length < 3 ? e with { Text = " " } : e).ToList();
        var seen = new HashSet<int>();
        valid.RemoveAll(e => e.Kind == ChatEventKind.ToolCallArguments && (e.Text == " " || !seen.Add(e.Index)));
        var decoded = CodecRig.Decode(Codec, StreamFraming.JsonLines, CodecRig.Encode(Codec, valid)).Events;
        Assert.Equal(Canonical.OfStream(valid.OrderBy(e => e.Kind == ChatEventKind.Usage)), Canonical.OfStream(decoded));
    }, iter: 400);

    private static Gen<ChatRequest> Requests() => RandomChat.Request(Messages(), Gen.Double[0, 2], Gen.Double[0, 1], Gen.Long[-5, 1 << 40], mostStops: 6, forms: 6, (request, form) =>
    {
        request.MinP = request.TopP;
        request.PresencePenalty = request.Temperature;
        request.TopLogprobs = request.Logprobs == true ? 3 : null;
        request.Format = form switch { 1 => new ResponseFormat(), 2 => new ResponseFormat { Schema = RandomChat.Raw("""{"type":"object"}""") }, _ => null };
        request.Reasoning = form switch { 3 => new ReasoningSettings { Enabled = true }, 4 => new ReasoningSettings { Enabled = false }, 5 => new ReasoningSettings { Effort = "high" }, _ => null };
    });

    private static Gen<ChatMessage> Messages() => RandomChat.Message(
        Gen.Select(RandomChat.TextPart().Array[0, 1], RandomChat.Any("iVBORw0KGgo=", "/9j/4AAQ").Array[0, 2])
            .Where((texts, images) => texts.Length + images.Length > 0)
            .Select((texts, images) => new ChatMessage { Role = ChatRole.User, Parts = [.. texts, .. images.Select(Image)] }),
        RandomChat.TextPart().Select(p => new ChatMessage { Role = ChatRole.Tool, Parts = [new ToolResultPart { CallId = "unknown", Name = "elsewhere", Content = [p] }] }));

    private static ImagePart Image(string data) => new(new MediaSource { Data = data, MediaType = data[0] == 'i' ? "image/png" : "image/jpeg" });
}
