using System.Text;
using CsCheck;
using Gateway.Dialects.OpenAiResponses;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Dialects.OpenAi;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.OpenAiResponses;

public class ResponsesPropertyTests
{
    private static readonly OpenAiResponsesCodec Codec = new();

    private static readonly Gen<ContentPart> UserPart = Gen.OneOf(
        CanonicalGen.Text.Select(t => (ContentPart)new TextPart(t)),
        CanonicalGen.Id.Select(d => (ContentPart)new ImagePart(new MediaSource { Data = d, MediaType = "image/png" }) { Detail = "low" }),
        CanonicalGen.Id.Select(d => (ContentPart)new ImagePart(new MediaSource { FileId = d })),
        CanonicalGen.Id.Select(d => (ContentPart)new AudioPart(new MediaSource { Data = d, MediaType = "audio/mpeg" }) { Format = "mp3" }),
        CanonicalGen.Id.Select(d => (ContentPart)new DocumentPart(new MediaSource { Url = $"https://example.com/{d}.pdf" })),
        CanonicalGen.Id.Select(d => (ContentPart)new DocumentPart(new MediaSource { Data = d, MediaType = "application/pdf" }) { Name = "a.pdf" }));

    private static readonly Gen<ChatMessage> Turn = Gen.OneOf(
        Gen.Select(Gen.OneOf(ChatRole.System, ChatRole.User, ChatRole.Developer), CanonicalGen.Text).Select((r, t) => new ChatMessage { Role = r, Parts = [new TextPart(t)] }),
        UserPart.List[1, 3].Select(p => new ChatMessage { Role = ChatRole.User, Parts = p }),
        Gen.Select(CanonicalGen.Id, UserPart.List[1, 2]).Select((id, parts) => new ChatMessage { Role = ChatRole.Tool, Parts = [new ToolResultPart { CallId = id, Content = parts }] }));

    private static readonly Gen<ChatMessage> Assistant = CanonicalGen.Choice
        .Select(c => new ChatMessage { Role = ChatRole.Assistant, Parts = [.. c.Parts.Where(p => p is not ReasoningPart { Origin: not ReasoningOrigin.OpenAi })] })
        .Where(m => m.Parts.Count > 0);

    /// <summary>An assistant's turn always has another's between: this wire has no turns to part them.</summary>
    private static readonly Gen<ChatRequest> Request = Gen.Select(
        Gen.Select(Turn, CanonicalGen.MaybeRef(Assistant)).List[1, 4],
        Gen.Select(CanonicalGen.Maybe(Gen.Double[0, 2]), CanonicalGen.Maybe(Gen.Long[16, 100_000]), Gen.Bool, CanonicalGen.Maybe(Gen.Bool)),
        Gen.Select(CanonicalGen.Id, CanonicalGen.MaybeRef(CanonicalGen.Text), Gen.Bool).List[0, 3],
        Gen.Select(Gen.Int[0, 3], CanonicalGen.Schema, Gen.OneOf("low", "max")))
        .Select((turns, numbers, tools, form) =>
        {
            var request = new ChatRequest
            {
                Temperature = numbers.Item1,
                TopP = numbers.Item1 / 2,
                MaxOutputTokens = numbers.Item2,
                Stream = numbers.Item3,
                Store = numbers.Item3,
                User = numbers.Item4 is null ? null : "someone",
                ServiceTier = numbers.Item4 is null ? null : "flex",
                Metadata = numbers.Item4 is null ? default : CanonicalGen.Raw("""{"a":"b"}"""),
                Verbosity = numbers.Item4 is null ? null : "low",
                Reasoning = form.Item1 == 0 ? null : new ReasoningSettings { Effort = form.Item3, Summary = form.Item1 == 1 ? "auto" : null },
                Format = form.Item1 == 0 ? null : new ResponseFormat { Schema = form.Item2, Name = "form", Strict = form.Item1 == 1 ? false : null },
            };
            foreach (var (turn, assistant) in turns)
            {
                request.Messages.Add(turn);
                if (assistant is not null)
                    request.Messages.Add(assistant);
            }

            request.Tools.AddRange(tools.Select(t => new ToolDefinition
            {
                Name = t.Item1,
                Description = t.Item2,
                Parameters = CanonicalGen.Raw("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"""),
                Strict = t.Item3,
            }));
            if (tools.Count > 0)
            {
                request.ToolChoice = form.Item1 switch { 0 => null, 1 => new(ToolChoiceMode.Required), 2 => new(ToolChoiceMode.Named, [tools[0].Item1]), _ => new(ToolChoiceMode.Auto, [tools[0].Item1]) };
                request.ParallelToolCalls = numbers.Item4;
            }

            return request;
        });

    [Fact]
    public void Request_WriteThenRead_IsIdentity() => Request.Sample(request =>
    {
        var target = CodecRig.Target(kind: "openai", vendor: ReasoningOrigin.OpenAi);
        var (body, dropped) = CodecRig.WriteRequest(Codec, request, target);
        Assert.Empty(dropped.Paths);
        Assert.Equal(CanonicalText.Of(request), CanonicalText.Of(CodecRig.ReadRequest(Codec, body)));
        Assert.Equal(body, CodecRig.WriteRequest(Codec, request, target).Body);
    });

    private static readonly Gen<ChatReply> Reply = Gen.Select(CanonicalGen.Choice, CanonicalGen.Usage, CanonicalGen.Id).Select((choice, usage, id) =>
    {
        var reply = new ChatReply { Id = "resp_" + id, Model = "m", Usage = usage, ServiceTier = "default" };
        reply.Choices.Add(choice);
        if (choice.Finish == FinishReason.ToolCalls && choice.Parts.Count == 0)
            choice.Finish = FinishReason.Stop;
        return reply;
    });

    [Fact]
    public void Reply_WriteThenRead_IsIdentity() => Reply.Sample(reply =>
        Assert.Equal(Normal(reply), Normal(Codec.ReadReply(Encoding.UTF8.GetBytes(CodecRig.WriteReply(Codec, reply)))!)));

    /// <summary>A stream whose client sends the answer back: what the history says is what the provider said, vendor and signatures included.</summary>
    [Fact]
    public void Stream_Encoded_EndsWithTheWholeReply() =>
        Reply.SelectMany(reply => Gen.Select(Gen.Const(reply), CanonicalGen.Events(reply))).Sample((reply, events) =>
        {
            var stream = Encoding.UTF8.GetString(CodecRig.Encode(Codec, events));
            var last = stream[(stream.LastIndexOf("data: ", StringComparison.Ordinal) + 6)..];
            using var document = System.Text.Json.JsonDocument.Parse(last);
            var response = Codec.ReadReply(Encoding.UTF8.GetBytes(document.RootElement.GetProperty("response").GetRawText()))!;
            Assert.Equal(Normal(reply), Normal(response));
        });

    [Fact]
    public void Stream_EncodeThenDecode_IsIdentityHoweverItIsCut() =>
        Reply.SelectMany(reply => Gen.Select(Gen.Const(reply), CanonicalGen.Events(reply), Gen.Int[0, 1_000_000].Array[0, 6])).Sample((reply, events, cuts) =>
        {
            var stream = CodecRig.Encode(Codec, events);
            var (decoded, verdicts, decoder) = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream, [.. cuts.Select(c => c % stream.Length)]);
            reply.ServiceTier = null; // streams have no event for it
            var folded = EventFold.Fold(decoded);
            foreach (var choice in reply.Choices.Concat(folded.Choices))
            {
                // What is wrapped is for the client to send back: a provider's stream has none.
                choice.Parts.RemoveAll(p => p is ReasoningPart { Origin: not ReasoningOrigin.OpenAi } || p is ReasoningPart { Encrypted: { } e } && e.StartsWith("Z3cxO", StringComparison.Ordinal));
            }

            Assert.Equal(Normal(reply), Normal(folded));
            Assert.Equal(TapVerdict.Terminal, verdicts[^1]);
            Assert.True(decoder.Finished);
        });

    /// <summary>What a client gets and sends back is what the provider said, whoever's reasoning it was.</summary>
    [Fact]
    public void Output_SentBackAsInput_IsTheSameTurn() => CanonicalGen.Choice.Where(c => c.Parts.Count > 0).Sample(choice =>
    {
        using var document = System.Text.Json.JsonDocument.Parse(CodecRig.WriteReply(Codec, new ChatReply { Choices = { choice } }));
        var request = CodecRig.ReadRequest(Codec, $$"""{"model":"m","input":{{document.RootElement.GetProperty("output").GetRawText()}}}""");
        var (said, read) = (new ChatRequest(), request);
        said.Messages.Add(new ChatMessage { Role = ChatRole.Assistant, Parts = choice.Parts });
        Assert.Equal(CanonicalText.Of(said), CanonicalText.Of(read));
    });

    private static string Normal(ChatReply reply)
    {
        foreach (var choice in reply.Choices)
            choice.Parts.RemoveAll(p => p is TextPart { Text: "" });
        return CanonicalText.Of(reply);
    }
}
