using System.Text;
using CsCheck;
using Gateway.Dialects.Cohere;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.Cohere;

/// <summary>What Cohere's wire can say survives reading and writing it.</summary>
public class CohereRoundTripTests
{
    private static readonly CohereCodec Codec = new();

    [Theory]
    [InlineData("request", "command-a-reasoning-08-2025")]
    [InlineData("request-json", "command-a-03-2025")]
    [InlineData("request-documents", "command-a-03-2025")]
    public void Request_ReadAndWritten_IsTheSame(string name, string model)
    {
        var golden = GoldenFile.Text($"cohere/{name}.json");
        var (body, dropped) = CodecRig.WriteRequest(Codec, CodecRig.ReadRequest(Codec, golden), CodecRig.Target(model));
        JsonSame.Assert(golden, body);
        Assert.Empty(dropped.Paths);
    }

    [Theory]
    [InlineData("reply")]
    [InlineData("reply-tools")]
    public void Reply_ReadAndWritten_IsTheSame(string name)
    {
        var golden = GoldenFile.Text($"cohere/{name}.json");
        JsonSame.Assert(golden, CodecRig.WriteReply(Codec, Codec.ReadReply(Encoding.UTF8.GetBytes(golden))!));
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
        RandomChat.Reply(FinishReason.Stop, FinishReason.Length, FinishReason.Error).Sample(reply =>
        {
            reply.Id = "r-1";
            var read = Codec.ReadReply(Encoding.UTF8.GetBytes(CodecRig.WriteReply(Codec, reply)))!;
            read.Extras.Clear(); // the billed units, which a reply of another wire does not have
            Assert.Equal(Canonical.Of(reply), Canonical.Of(read));
        }, iter: 400);

    [Fact]
    public void Stream_Random_DecodesAsEncoded() => RandomChat.Stream(interleaves: true).Sample(events =>
    {
        var (decoded, verdicts, decoder) = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, CodecRig.Encode(Codec, events));
        Assert.Equal(Canonical.OfStream(Sorted(events)), Canonical.OfStream(decoded));
        Assert.Equal(TapVerdict.Terminal, verdicts[^1]);
        Assert.True(decoder.Finished);
    }, iter: 400);

    /// <summary>The wire names the finish before it counts tokens.</summary>
    private static IEnumerable<ChatEvent> Sorted(List<ChatEvent> events) => events.OrderBy(e => e.Kind == ChatEventKind.Usage);

    private static Gen<ChatRequest> Requests() => RandomChat.Request(Messages(), Gen.Double[0, 1], Gen.Double[0.01, 0.99], Gen.Long[0, 1 << 40], mostStops: 5, forms: 4, (request, form) =>
    {
        request.ToolChoice = form switch { 1 => new ToolChoice(ToolChoiceMode.Required), 2 => new ToolChoice(ToolChoiceMode.None), _ => null };
        request.Format = request.Tools.Count == 0 && form == 3 ? new ResponseFormat { Schema = RandomChat.Raw("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}""") } : null;
        request.Reasoning = form switch { 0 => new ReasoningSettings { Enabled = true, BudgetTokens = request.MaxOutputTokens }, 1 => new ReasoningSettings { Enabled = false }, _ => null };
        for (var i = 0; i < request.Tools.Count; i++)
            request.Tools[i] = new ToolDefinition { Name = request.Tools[i].Name, Parameters = request.Tools[i].Parameters, Description = request.Tools[i].Description, Strict = request.Logprobs }; // one switch for all
    });

    private static Gen<ChatMessage> Messages() => RandomChat.Message(
        Gen.OneOf(RandomChat.TextPart(), Image()).Array[1, 4].Select(p => new ChatMessage { Role = ChatRole.User, Parts = [.. p] }),
        Gen.Select(RandomChat.Id, Gen.OneOf(RandomChat.TextPart(), Document()).Array[1, 3])
            .Select((id, p) => new ChatMessage { Role = ChatRole.Tool, Parts = [new ToolResultPart { CallId = id, Content = [.. p] }] }));

    private static Gen<ContentPart> Image() => Gen.Select(Gen.Bool, RandomChat.Any<string?>(null, "low", "auto")).Select((isData, detail) => (ContentPart)new ImagePart(
        isData ? new MediaSource { Data = "iVBORw0KGgo=", MediaType = "image/png" } : new MediaSource { Url = "https://example.com/a.png" }) { Detail = detail });

    private static Gen<ContentPart> Document() => Gen.Select(RandomChat.Arguments, RandomChat.Any<string?>(null, "doc-1"))
        .Select((data, id) => (ContentPart)new DocumentPart(new MediaSource { MediaType = "application/json" }) { Text = data, Name = id });
}
