using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Gateway.Dialects.OpenAiChat;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Dialects.OpenAi;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.OpenAiChat;

public class ChatPropertyTests
{
    private static readonly OpenAiChatCodec Codec = new();

    private static readonly Gen<ContentPart> UserPart = Gen.OneOf(
        Gen.Select(CanonicalGen.Text, CanonicalGen.MaybeRef(Gen.OneOf(new CacheMark(null), new CacheMark("1h")))).Select((t, c) => (ContentPart)new TextPart(t) { Cache = c }),
        CanonicalGen.Id.Select(d => (ContentPart)new ImagePart(new MediaSource { Data = d, MediaType = "image/png" }) { Detail = "low" }),
        CanonicalGen.Id.Select(d => (ContentPart)new ImagePart(new MediaSource { Url = $"https://example.com/{d}.png" })),
        CanonicalGen.Id.Select(d => (ContentPart)new AudioPart(new MediaSource { Data = d, MediaType = "audio/mpeg" }) { Format = "mp3" }),
        CanonicalGen.Id.Select(d => (ContentPart)new DocumentPart(new MediaSource { Data = d, MediaType = "application/pdf" }) { Name = "a.pdf" }),
        CanonicalGen.Id.Select(d => (ContentPart)new DocumentPart(new MediaSource { FileId = d })));

    private static readonly Gen<ChatMessage> Turn = Gen.OneOf(
        Gen.Select(Gen.OneOf(ChatRole.System, ChatRole.User), CanonicalGen.Text).Select((r, t) => new ChatMessage { Role = r, Parts = [new TextPart(t)] }),
        Gen.Select(UserPart.List[1, 3], CanonicalGen.MaybeRef(CanonicalGen.Id)).Select((p, n) => new ChatMessage { Role = ChatRole.User, Parts = p, Name = n }),
        CanonicalGen.Choice.Where(c => c.Parts.Exists(p => p is not ReasoningPart)).Select(c => new ChatMessage { Role = ChatRole.Assistant, Parts = [.. c.Parts.Where(Sayable)] }),
        Gen.Select(CanonicalGen.Id, CanonicalGen.Text).Select((id, t) => new ChatMessage { Role = ChatRole.Tool, Parts = [new ToolResultPart { CallId = id, Content = [new TextPart(t)] }] }));

    /// <summary>Reasoning that a target with Anthropic's models is told.</summary>
    private static bool Sayable(ContentPart part) => part is not ReasoningPart { Origin: not (ReasoningOrigin.Anthropic or ReasoningOrigin.Plain) };

    private static readonly Gen<ChatRequest> Request = Gen.Select(
        Turn.List[1, 5],
        Gen.Select(CanonicalGen.Maybe(Gen.Double[0, 2]), CanonicalGen.Maybe(Gen.Long[1, 100_000]), CanonicalGen.Maybe(Gen.Long[long.MinValue, long.MaxValue]), CanonicalGen.Maybe(Gen.Int[1, 4])),
        Gen.Select(CanonicalGen.Text.List[0, 3], Gen.Bool, CanonicalGen.Maybe(Gen.Bool), CanonicalGen.Maybe(Gen.Int[0, 20])),
        Gen.Select(CanonicalGen.Id, CanonicalGen.MaybeRef(CanonicalGen.Text), CanonicalGen.Schema, CanonicalGen.Maybe(Gen.Bool)).List[0, 3],
        Gen.Select(Gen.Int[0, 3], CanonicalGen.Schema, CanonicalGen.Maybe(Gen.Bool), Gen.OneOf("none", "low", "max")))
        .Select((turns, numbers, flags, tools, form) =>
        {
            var request = new ChatRequest
            {
                Temperature = numbers.Item1,
                TopP = numbers.Item1 / 2,
                MinP = numbers.Item1 / 20,
                TopK = numbers.Item2,
                MaxOutputTokens = numbers.Item2,
                Seed = numbers.Item3,
                Choices = numbers.Item4,
                PresencePenalty = numbers.Item1,
                FrequencyPenalty = numbers.Item1 - 1,
                Stream = flags.Item2,
                Logprobs = flags.Item3,
                TopLogprobs = flags.Item4,
                User = numbers.Item4 is null ? null : "someone",
                PromptCacheKey = numbers.Item2 is null ? null : "key",
                Verbosity = flags.Item3 is null ? null : "low",
                LogitBias = flags.Item4 is null ? default : CanonicalGen.Raw("""{"50256":-100}"""),
                Reasoning = form.Item1 == 0 ? null : new ReasoningSettings { Effort = form.Item1 == 1 ? form.Item4 : null, BudgetTokens = form.Item1 == 2 ? 2000 : null, Enabled = form.Item1 == 3 ? true : null },
                Format = form.Item1 == 0 ? null : new ResponseFormat { Schema = form.Item2, Name = "form", Strict = form.Item3 },
            };
            request.Messages.AddRange(turns);
            request.Stop.AddRange(flags.Item1);
            request.Tools.AddRange(tools.Select(t => new ToolDefinition { Name = t.Item1, Description = t.Item2, Parameters = t.Item3, Strict = t.Item4 }));
            if (tools.Count > 0)
            {
                request.ToolChoice = form.Item1 switch { 0 => null, 1 => new(ToolChoiceMode.Required), 2 => new(ToolChoiceMode.Named, [tools[0].Item1]), _ => new(ToolChoiceMode.None) };
                request.ParallelToolCalls = flags.Item3;
            }

            return request;
        });

    [Fact]
    public void Request_WriteThenRead_IsIdentity() => Request.Sample(request =>
    {
        var (body, dropped) = CodecRig.WriteRequest(Codec, request, CodecRig.Target(kind: "openrouter", vendor: ReasoningOrigin.Anthropic));
        Assert.Empty(dropped.Paths);
        Assert.Equal(CanonicalText.Of(request), CanonicalText.Of(CodecRig.ReadRequest(Codec, body)));
        Assert.Equal(body, CodecRig.WriteRequest(Codec, request, CodecRig.Target(kind: "openrouter", vendor: ReasoningOrigin.Anthropic)).Body);
    });

    private static readonly Gen<ChatReply> Reply = Gen.Select(CanonicalGen.Choice.List[1, 3], CanonicalGen.Usage, CanonicalGen.Id).Select((choices, usage, id) =>
    {
        var reply = new ChatReply { Id = id, Model = "m", Usage = usage };
        reply.Choices.AddRange(choices);
        return reply;
    });

    [Fact]
    public void Reply_WriteThenRead_IsIdentity() => Reply.Sample(reply =>
    {
        var read = Codec.ReadReply(System.Text.Encoding.UTF8.GetBytes(CodecRig.WriteReply(Codec, reply)))!;
        Assert.Equal(Normal(reply), Normal(read));
    });

    [Fact]
    public void Stream_EncodeThenDecode_IsIdentityHoweverItIsCut() =>
        Reply.SelectMany(reply => Gen.Select(Gen.Const(reply), CanonicalGen.Events(reply), Gen.Int[0, 1_000_000].Array[0, 6])).Sample((reply, events, cuts) =>
        {
            var stream = CodecRig.Encode(Codec, events, CodecRig.Envelope(includeUsage: true));
            var (decoded, verdicts, decoder) = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream, [.. cuts.Select(c => c % stream.Length)]);
            Assert.Equal(Normal(reply), Normal(EventFold.Fold(decoded)));
            Assert.Equal(TapVerdict.Terminal, verdicts[^1]);
            Assert.True(decoder.Finished);
        });

    /// <summary>What a client gets and sends back is what the provider said: reasoning, signatures, places and calls.</summary>
    [Fact]
    public void Reply_SentBackAsHistory_IsTheSameTurn() => CanonicalGen.Choice.Sample(choice =>
    {
        using var document = JsonDocument.Parse(CodecRig.WriteReply(Codec, new ChatReply { Choices = { choice } }));
        AssertHistory(choice, document.RootElement.GetProperty("choices")[0].GetProperty("message").GetRawText());
    });

    /// <summary>The same when the client put the message together from deltas.</summary>
    [Fact]
    public void Stream_SentBackAsHistory_IsTheSameTurn() => CanonicalGen.Choice.Where(IsWellFormed)
        .SelectMany(choice => Gen.Select(Gen.Const(choice), CanonicalGen.Events(new ChatReply { Choices = { choice } })))
        .Sample((choice, events) =>
        {
            JsonObject message = [];
            foreach (var frame in Encoding.UTF8.GetString(CodecRig.Encode(Codec, events)).Split("\n\n"))
            {
                if (frame.StartsWith("data: {", StringComparison.Ordinal))
                    DeltaFold.Merge(message, JsonNode.Parse(frame["data: ".Length..])!["choices"]![0]!["delta"]!.AsObject());
            }

            AssertHistory(choice, message.ToJsonString());
        });

    /// <summary>Halves of pairs are told apart by other tests: the accumulator's JSON can't hold them.</summary>
    private static bool IsWellFormed(ChatChoice choice) => !choice.Parts.Exists(p =>
        (p is TextPart text && Broken(text.Text)) || (p is RefusalPart refusal && Broken(refusal.Text)) || (p is ReasoningPart thought && Broken(thought.Text)));

    private static bool Broken(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) != text;

    private static void AssertHistory(ChatChoice choice, string message)
    {
        var request = CodecRig.ReadRequest(Codec, $$"""{"model":"m","messages":[{{message}}]}""");
        var (said, read) = (new ChatReply(), new ChatReply());
        said.Choices.Add(choice);
        var again = new ChatChoice { Finish = choice.Finish };
        again.Parts.AddRange(request.Messages[0].Parts);
        read.Choices.Add(again);
        Assert.Equal(Normal(said), Normal(read));
    }

    /// <summary>This wire writes an empty text where there is nothing else.</summary>
    private static string Normal(ChatReply reply)
    {
        foreach (var choice in reply.Choices)
            choice.Parts.RemoveAll(p => p is TextPart { Text: "" });
        return CanonicalText.Of(reply);
    }
}
