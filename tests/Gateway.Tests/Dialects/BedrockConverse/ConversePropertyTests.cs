using CsCheck;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using Gateway.Transport;
using static Gateway.Tests.Dialects.BedrockConverse.ConverseRig;

namespace Gateway.Tests.Dialects.BedrockConverse;

/// <summary>What this wire can say survives being written and read.</summary>
public class ConversePropertyTests
{
    // Never blank, for blank text is refused; with halves of surrogate pairs.
    private static readonly Gen<string> Words = Gen.String[Gen.OneOf(Gen.Char, Gen.Char['\ud800', '\udfff']), 0, 8].Select(text => "t" + text);

    private static readonly Gen<CacheMark?> Marks = Pick<CacheMark?>(null, null, null, new CacheMark(null), new CacheMark("1h"));

    private static readonly Gen<string> Names = Gen.Int.Select(number => $"Doc {(uint)number}");

    private static readonly Gen<string> Arguments = Pick("{}", """{"a":1.50}""", """{"b":["x",null,{"c":"é"}]}""");

    private static readonly Gen<ContentPart> Text = Gen.Select(Words, Marks, ContentPart (text, mark) => new TextPart(text) { Cache = mark });

    private static readonly Gen<ContentPart> Image = Gen.Select(
        Pick(("iVBORw0KGgoAAA==", "image/png"), ("/9j/AAAA", "image/jpeg"), ("R0lGODlh", "image/gif"), ("UklGRgAA", "image/webp")), Marks, Gen.Bool,
        ContentPart (image, mark, s3) => new ImagePart(s3 ? new MediaSource { Url = "s3://b/x", MediaType = image.Item2 } : new MediaSource { Data = image.Item1, MediaType = image.Item2 }) { Cache = mark });

    private static readonly Gen<ContentPart> Document = Gen.Select(Names, Marks, Pick<bool?>(null, true, false), Gen.Bool,
        ContentPart (name, mark, citations, plain) => plain
            ? new DocumentPart(new MediaSource { MediaType = "text/markdown" }) { Text = "# " + name, Name = name, Cache = mark, Citations = citations }
            : new DocumentPart(new MediaSource { Data = "JVBERg==", MediaType = "application/pdf" }) { Name = name, Cache = mark, Citations = citations, Context = "c" });

    private static readonly Gen<ContentPart> Reasoning = Gen.Select(Words, Gen.Byte.Array[1, 20].Select(Convert.ToBase64String), Gen.Bool,
        ContentPart (text, proof, hidden) => hidden
            ? new ReasoningPart { Encrypted = proof, Origin = ReasoningOrigin.Anthropic }
            : new ReasoningPart { Text = text, Signature = proof, Origin = ReasoningOrigin.Anthropic });

    private static readonly Gen<List<ContentPart>> Asked = Gen.Select(Text, Gen.OneOf(Text, Image, Document).List[0, 3], (first, rest) => (List<ContentPart>)[first, .. rest]);

    private static readonly Gen<ContentPart[]> Said = Gen.Select(Reasoning.Array[0, 1], Text.Array[0, 2], (thoughts, texts) => (ContentPart[])[.. thoughts, .. texts]);

    private static readonly Gen<(ContentPart[] Said, string[] Calls, List<ContentPart> Asked, bool AlsoAsks)> Round =
        Gen.Select(Said, Arguments.Array[0, 2], Asked, Gen.Bool, (said, calls, asked, also) => (said, calls, asked, also));

    private static readonly Gen<ChatRequest> Requests = Gen.Select(
        Gen.Select(Text.List[0, 2], Asked, Round.Array[0, 3]),
        Gen.Select(Gen.Long[1100, 9000].Select(n => (long?)n), Gen.Double[0, 1].Nullable(), Gen.Long[1, 500].Nullable(), Words.Array[0, 2]),
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool, Gen.Bool, Marks),
        Compose);

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    [Fact]
    public void Request_WrittenAndRead_IsTheSame() => Requests.Sample(
        request =>
        {
            var (body, dropped) = CodecRig.WriteRequest(Codec, request, Target());
            var back = Read(body);
            back.Extras.RemoveAll(extra => extra.Name == "additionalModelResponseFieldPaths");
            Assert.Empty(dropped.Paths);
            Assert.Equal(Dump(request), Dump(back));
        },
        iter: 300);

    [Fact]
    public void Reply_WrittenAndRead_IsTheSame() => Gen.Select(Said, Arguments.Array[0, 2], Gen.Long[0, 99].Array[4], Gen.Bool)
        .Sample((said, calls, counts, stopped) =>
        {
            var choice = new ChatChoice { Finish = calls.Length > 0 ? FinishReason.ToolCalls : FinishReason.Stop, StopSequence = stopped && calls.Length == 0 ? "END" : null };
            choice.Parts.AddRange(said.Select(WithoutMark));
            choice.Parts.AddRange(calls.Select((arguments, i) => Call($"tooluse_{i}", "f", arguments)));
            var reply = new ChatReply { Usage = new TokenUsage(counts[0] + counts[1] + counts[2], counts[3], counts[1], counts[2]), ServiceTier = "flex" };
            reply.Choices.Add(choice);
            reply.Extras.Add(new ExtraMember(Operation.Converse, "metrics", "metrics", Json("""{"latencyMs":7}""")));
            return Dump(reply) == Dump(Reply(CodecRig.WriteReply(Codec, reply)));
        });

    [Fact]
    public void Stream_EncodedCutAndDecoded_IsTheSame()
    {
        var pieces = Words.Array[1, 3];
        var block = Gen.Select(Gen.Int[0, 3], pieces, Gen.Bool);
        Gen.Select(block.Array[0, 5], Gen.Int[0, 4000].Array[0, 8]).Sample((blocks, cuts) =>
        {
            var events = Events(blocks);
            var stream = CodecRig.Encode(Codec, events);
            var (back, verdicts, decoder) = Decode(stream, [.. cuts.Where(cut => cut <= stream.Length)]);
            return decoder.Finished && verdicts[^1] == TapVerdict.Terminal && verdicts.Count(v => v == TapVerdict.Terminal) == 1 && back.SequenceEqual(events);
        });
    }

    private static ContentPart WithoutMark(ContentPart part) => part is TextPart text ? new TextPart(text.Text) : part;

    private static List<ChatEvent> Events((int Kind, string[] Pieces, bool Flag)[] blocks)
    {
        List<ChatEvent> events = [new(ChatEventKind.Start)];
        var calls = 0;
        foreach (var (kind, pieces, flag) in blocks)
        {
            switch (kind)
            {
                case 0:
                    events.AddRange(pieces.Select(piece => new ChatEvent(ChatEventKind.Text) { Text = piece }));
                    events.Add(new ChatEvent(ChatEventKind.PartEnd));
                    break;
                case 1:
                    events.AddRange(pieces.Select(piece => new ChatEvent(ChatEventKind.Reasoning) { Text = piece, Origin = ReasoningOrigin.Anthropic }));
                    if (flag)
                        events.Add(new ChatEvent(ChatEventKind.ReasoningSignature) { Text = "c2ln", Origin = ReasoningOrigin.Anthropic });
                    events.Add(new ChatEvent(ChatEventKind.PartEnd));
                    break;
                case 2:
                    events.Add(new ChatEvent(ChatEventKind.RedactedReasoning) { Text = "cmVk", Origin = ReasoningOrigin.Anthropic });
                    break;
                default:
                    events.Add(new ChatEvent(ChatEventKind.ToolCallStart) { Index = calls, Id = $"tooluse_{calls}", Name = "f" });
                    if (flag)
                        events.AddRange(pieces.Select(piece => new ChatEvent(ChatEventKind.ToolCallArguments) { Index = calls, Text = piece }));
                    events.Add(new ChatEvent(ChatEventKind.ToolCallEnd) { Index = calls++ });
                    break;
            }
        }

        events.Add(new ChatEvent(ChatEventKind.Finish) { Finish = calls > 0 ? FinishReason.ToolCalls : FinishReason.Length });
        events.Add(new ChatEvent(ChatEventKind.Usage) { Usage = new TokenUsage(9, 3, 2, 1) });
        return events;
    }

    private static ChatRequest Compose(
        (List<ContentPart> System, List<ContentPart> First, (ContentPart[] Said, string[] Calls, List<ContentPart> Asked, bool AlsoAsks)[] Rounds) talk,
        (long? Most, double? Temperature, long? TopK, string[] Stop) limits,
        (int Thinking, int Choice, bool Format, bool Tier, CacheMark? Mark) other)
    {
        var request = new ChatRequest { Model = "m", MaxOutputTokens = limits.Most };
        if (talk.System.Count > 0)
            request.Messages.Add(new ChatMessage { Role = ChatRole.System, Parts = talk.System });
        request.Messages.Add(new ChatMessage { Role = ChatRole.User, Parts = talk.First });
        var id = 0;
        foreach (var (said, calls, asked, alsoAsks) in talk.Rounds)
        {
            List<ContentPart> parts = [.. said, .. calls.Select((arguments, i) => Call($"tooluse_{id + i}", "f", arguments))];
            request.Messages.Add(new ChatMessage { Role = ChatRole.Assistant, Parts = parts.Count > 0 ? parts : [new TextPart("Well.")] });
            if (calls.Length > 0)
                request.Messages.Add(new ChatMessage { Role = ChatRole.Tool, Parts = [.. calls.Select((json, i) => (ContentPart)new ToolResultPart { CallId = $"tooluse_{id + i}", Content = [new TextPart(json)], Json = Json(json), IsError = i > 0 })] });
            if (calls.Length == 0 || alsoAsks)
                request.Messages.Add(new ChatMessage { Role = ChatRole.User, Parts = asked });
            id += calls.Length;
        }

        var names = new HashSet<string?>(); // each document needs a name of its own
        foreach (var message in request.Messages)
            message.Parts.RemoveAll(part => part is DocumentPart document && !names.Add(document.Name));
        request.Tools.Add(new ToolDefinition { Name = "f", Description = "d", Parameters = Json("""{"type":"object","properties":{}}"""), Cache = other.Mark });
        request.Tools.Add(new ToolDefinition { Name = "g", Parameters = Json("""{"type":"object","properties":{},"additionalProperties":false}"""), Strict = true });
        request.Reasoning = other.Thinking switch
        {
            1 => new ReasoningSettings { Enabled = true, BudgetTokens = 1050, Summary = "auto" },
            2 => new ReasoningSettings { Adaptive = true, Effort = "medium" },
            3 => new ReasoningSettings { Enabled = false },
            _ => null,
        };
        var thinks = other.Thinking is 1 or 2;
        request.ToolChoice = other.Choice switch
        {
            1 => new ToolChoice(ToolChoiceMode.Auto),
            2 when !thinks => new ToolChoice(ToolChoiceMode.Required),
            3 when !thinks => new ToolChoice(ToolChoiceMode.Named, ["g"]),
            _ => null,
        };
        if (!thinks)
            (request.Temperature, request.TopK) = (limits.Temperature, limits.TopK);
        request.Stop.AddRange(limits.Stop);
        if (other.Format)
            request.Format = new ResponseFormat { Name = "n", Description = "d", Schema = Json("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""") };
        request.ServiceTier = other.Tier ? "priority" : null;
        request.Metadata = other.Tier ? Json("""{"k":"v"}""") : default;
        return request;
    }
}
