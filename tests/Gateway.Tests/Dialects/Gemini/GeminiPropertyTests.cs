using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.Gemini;

public class GeminiPropertyTests
{
    private static readonly Gen<RawJson> Schema = Gen.OneOf([.. new[] { 
        """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}""",
        """{"type":"object","properties":{"b":{"type":"array","items":{"type":"integer"}},"a":{"type":["string","null"],"enum":["x",null]}}}""",
        """{"type":"object","properties":{"c":{"anyOf":[{"type":"string"},{"type":"integer","minimum":1}]}}}""" }.Select(Gen.Const)]).Select(GeminiRig.Raw);

    [Fact]
    public void Request_Random_ReadsBackAsWritten() => Requests().Sample(request =>
    {
        var (body, dropped) = CodecRig.WriteRequest(GeminiRig.Codec, request, GeminiRig.Target());
        Assert.Empty(dropped.Paths);
        Assert.Equal(Canonical.Of(request), Canonical.Of(CodecRig.ReadRequest(GeminiRig.Codec, body, new() { Model = "m" })));
    }, iter: 400);

    [Fact]
    public void Reply_Random_ReadsBackAsWritten() =>
        Gen.Select(Answer(), RandomChat.Usage, Gen.OneOf([.. new[] { FinishReason.Stop, FinishReason.Length, FinishReason.ContentFilter, FinishReason.Error }.Select(Gen.Const)])).Sample((parts, usage, finish) =>
        {
            var reply = new ChatReply { Id = "r-1", Model = "g", Usage = usage };
            var choice = new ChatChoice { Finish = parts.Exists(p => p is ToolCallPart) && finish == FinishReason.Stop ? FinishReason.ToolCalls : finish };
            choice.Parts.AddRange(parts);
            reply.Choices.Add(choice);
            var read = GeminiRig.Codec.ReadReply(Encoding.UTF8.GetBytes(CodecRig.WriteReply(GeminiRig.Codec, reply)))!;
            Assert.Equal(Canonical.Of(reply), Canonical.Of(read));
        }, iter: 400);

    [Fact]
    public void Stream_Random_DecodesAsEncoded() => RandomChat.Stream(interleaves: true).Select(WithValidArguments).Sample(events =>
    {
        var (decoded, verdicts, decoder) = CodecRig.Decode(GeminiRig.Codec, StreamFraming.ServerSentEvents, CodecRig.Encode(GeminiRig.Codec, events));
        Assert.Equal(Canonical.OfStream(events.OrderBy(e => e.Kind == ChatEventKind.Usage)), Canonical.OfStream(decoded));
        Assert.DoesNotContain(TapVerdict.Malformed, verdicts);
        Assert.True(decoder.Finished);
    }, iter: 400);

    /// <summary>Whatever is done with a schema, it becomes one, and within bounds.</summary>
    [Fact]
    public void Schemas_Random_AlwaysBecomeObjects() => AnySchema(4).Sample(schema =>
    {
        foreach (var takesJson in new[] { true, false })
        {
            var (result, _) = Gateway.Dialects.Gemini.Schemas.GeminiSchemas.Choose(GeminiRig.Raw(schema), takesJson, "s", new DroppedMembers());
            using var document = result.Parse();
            Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        }
    }, iter: 300);

    private static Gen<string> AnySchema(int depth)
    {
        var leaf = Gen.OneOf([.. new[] { 
            """{"type":"string","pattern":"a"}""", "true", "{}", """{"const":1}""", """{"enum":["a",null]}""", """{"$ref":"#"}""", """{"$ref":"#/nowhere"}""",
            """{"type":["integer","null"],"exclusiveMinimum":0}""", """{"type":["string","array"],"items":{}}""", """{"type":"array"}""" }.Select(Gen.Const)]);
        if (depth == 0)
            return leaf;
        var inner = AnySchema(depth - 1);
        return Gen.OneOf(
            leaf,
            Gen.Select(inner, inner).Select((a, b) => $$"""{"type":"object","properties":{"a":{{a}},"b":{{b}}},"required":["a","z"],"additionalProperties":{{a}}}"""),
            Gen.Select(inner, inner).Select((a, b) => $$"""{"anyOf":[{{a}},{{b}}],"description":"d"}"""),
            Gen.Select(inner, inner).Select((a, b) => $$"""{"allOf":[{{a}},{{b}}],"type":"object"}"""),
            inner.Select(a => $$"""{"type":"array","items":{{a}},"oneOf":[{{a}},{"type":"null"}]}"""));
    }

    private static List<ChatEvent> WithValidArguments(List<ChatEvent> events)
    {
        var said = new HashSet<int>();
        return [.. events.Where(e => e.Kind != ChatEventKind.ToolCallArguments || (e.Text == "{\"a\":1}" && said.Add(e.Index)))];
    }

    private static Gen<List<ContentPart>> Answer() =>
        Gen.Select(RandomChat.Text.Array[0, 1], RandomChat.TextPart().Array[0, 2], Gen.Select(RandomChat.Name, Arguments()).Array[0, 3], Gen.Int[0, 3])
            .Select((thoughts, texts, calls, signed) =>
            {
                var parts = new List<ContentPart>();
                parts.AddRange(thoughts.Select(text => new ReasoningPart { Text = text, Origin = ReasoningOrigin.Gemini }));
                if (signed == 1 && calls.Length == 0 && texts.Length == 1 && thoughts.Length == 0)
                    parts.Add(GeminiRig.Signature("c2ln"));
                parts.AddRange(texts);
                for (var i = 0; i < calls.Length; i++)
                {
                    if (i == 0)
                        parts.Add(GeminiRig.Signature("c2ln"));
                    parts.Add(GeminiRig.Call($"call-{i}", calls[i].Item1, calls[i].Item2));
                }

                return parts;
            }).Where(parts => parts.Count > 0);

    private static Gen<string> Arguments() => RandomChat.Arguments.Select(json => json.Replace("\\u00fc 😀", "x", StringComparison.Ordinal));

    private static Gen<ChatMessage> User() => Gen.OneOf(
            RandomChat.TextPart(),
            Gen.OneOf([.. new[] { "image/png", "image/webp" }.Select(Gen.Const)]).Select(type => (ContentPart)new ImagePart(new MediaSource { Data = "iVBORw0KGgo=", MediaType = type })),
            Gen.Const(0).Select(_ => (ContentPart)new AudioPart(new MediaSource { Data = "AAAA", MediaType = "audio/mp3" }) { Format = "mp3" }),
            Gen.Const(0).Select(_ => (ContentPart)new DocumentPart(new MediaSource { Url = "https://generativelanguage.googleapis.com/v1beta/files/a", MediaType = "application/pdf" })),
            Gen.Const(0).Select(_ => (ContentPart)new VideoPart(new MediaSource { Url = "https://youtu.be/x", MediaType = "video/mp4" })))
        .Array[1, 3].Select(parts => GeminiRig.Says(ChatRole.User, parts));

    private static Gen<ChatRequest> Requests() => Gen.Select(
        Gen.Select(User(), Answer()).Array[1, 4],
        RandomChat.Text.Array[0, 2],
        Gen.Select(RandomChat.Text, Schema).Array[0, 2],
        Gen.Select(Gen.Double[0, 2].Nullable(), Gen.Double[0, 1].Nullable(), Gen.Long[1, 500].Nullable(), Gen.Long[0, 1 << 30].Nullable(), Gen.Long[1, 9999].Nullable()),
        Gen.Int[0, 5],
        RandomChat.Text.Array[0, 5]).Select((turns, system, tools, sampling, choice, stops) => Compose(turns, system, tools, sampling, choice, stops));

    private static ChatRequest Compose(
        (ChatMessage User, List<ContentPart> Answer)[] turns, string[] system, (string Text, RawJson Schema)[] tools,
        (double? Temperature, double? TopP, long? TopK, long? Seed, long? Most) sampling, int choice, string[] stops)
    {
        var request = new ChatRequest
        {
            Model = "m",
            Temperature = sampling.Temperature,
            TopP = sampling.TopP,
            TopK = sampling.TopK,
            Seed = sampling.Seed,
            MaxOutputTokens = sampling.Most,
            PresencePenalty = sampling.TopP,
            Choices = choice > 3 ? choice : null,
            Logprobs = choice == 1 ? true : null,
            TopLogprobs = choice == 1 ? 3 : null,
            Format = choice == 2 ? new ResponseFormat { Schema = tools.Length > 0 ? tools[0].Schema : default } : null,
            ServiceTier = choice == 3 ? "flex" : null,
            ToolChoice = tools.Length == 0 ? null : choice switch
            {
                1 => new ToolChoice(ToolChoiceMode.Auto),
                2 => new ToolChoice(ToolChoiceMode.Required, []),
                3 => new ToolChoice(ToolChoiceMode.Named, ["f0"]),
                4 => new ToolChoice(ToolChoiceMode.None),
                _ => null,
            },
            Reasoning = choice switch
            {
                0 => new ReasoningSettings { Effort = "low" },
                1 => new ReasoningSettings { Effort = "high", Enabled = true, Summary = "auto" },
                _ => null,
            },
        };
        request.Stop.AddRange(stops);
        if (system.Length > 0)
            request.Messages.Add(GeminiRig.Says(ChatRole.System, [.. system.Select(text => new TextPart(text))]));
        foreach (var (user, answer) in turns)
        {
            request.Messages.Add(user);
            request.Messages.Add(new ChatMessage { Role = ChatRole.Assistant, Parts = answer });
            var calls = answer.OfType<ToolCallPart>().ToList();
            if (calls.Count > 0)
                request.Messages.Add(GeminiRig.Says(ChatRole.Tool, [.. calls.Select(ResultOf)]));
        }

        for (var i = 0; i < tools.Length; i++)
            request.Tools.Add(new ToolDefinition { Name = $"f{i}", Description = tools[i].Text, Parameters = tools[i].Schema });
        return request;
    }

    private static ToolResultPart ResultOf(ToolCallPart call, int index)
    {
        var (json, text, isError) = index switch
        {
            0 => ("""{"result":"sunny"}""", "sunny", false),
            1 => ("""{"temperature":21.50}""", """{"temperature":21.50}""", false),
            _ => ("""{"error":"no data"}""", "no data", true),
        };
        return new ToolResultPart { CallId = call.Id, Name = call.Name, Json = GeminiRig.Raw(json), Content = [new TextPart(text)], IsError = isError };
    }
}
