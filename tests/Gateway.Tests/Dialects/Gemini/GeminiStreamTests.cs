using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Dialects;
using Gateway.Dialects.Gemini;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.Gemini;

public class GeminiStreamTests
{
    [Fact]
    public void Decode_ThoughtsAndCalls_GivesWholeCallsWithTheirSignature()
    {
        var events = Decode(GoldenFile.Bytes("gemini/thinking-tools.sse")).Events;
        Assert.Equal("I need both.", string.Concat(events.Where(e => e.Kind == ChatEventKind.Reasoning).Select(e => e.Text)));
        var starts = events.Where(e => e.Kind == ChatEventKind.ToolCallStart).ToList();
        Assert.Equal([0, 1], starts.Select(e => e.Index));
        Assert.StartsWith("call_", starts[0].Id, StringComparison.Ordinal);
        Assert.Equal("given", starts[1].Id);
        Assert.Equal(["{\"city\":\"Bern\"}", "{\"city\":\"Kyiv\"}"], events.Where(e => e.Kind == ChatEventKind.ToolCallArguments).Select(e => e.Text));
        // The signature is not that of the thoughts before it.
        var signature = events.FindIndex(e => e.Kind == ChatEventKind.ReasoningSignature);
        Assert.Equal(("c2lnbmF0dXJl", ReasoningOrigin.Gemini), (events[signature].Text, events[signature].Origin));
        Assert.Equal([ChatEventKind.PartEnd, ChatEventKind.ToolCallStart], [events[signature - 1].Kind, events[signature + 1].Kind]);
        Assert.Equal(FinishReason.ToolCalls, events.Single(e => e.Kind == ChatEventKind.Finish).Finish);
        Assert.Equal(new TokenUsage(50, 50, Reasoning: 20), events.Last(e => e.Kind == ChatEventKind.Usage).Usage);
    }

    [Fact]
    public void Decode_CallWithoutId_GetsTheIdTheWholeReplyWouldHave()
    {
        const string chunk = """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}}}]},"finishReason":"STOP"}],"responseId":"r"}""";
        var streamed = Decode(Sse(chunk)).Events.Single(e => e.Kind == ChatEventKind.ToolCallStart).Id;
        var whole = GeminiRig.Codec.ReadReply(Encoding.UTF8.GetBytes(chunk))!.Choices[0].Parts.OfType<Gateway.Protocol.Parts.ToolCallPart>().Single().Id;
        Assert.Equal(whole, streamed);
    }

    [Fact]
    public void Decode_SignatureOnEmptyText_IsNotLost()
    {
        var events = Decode(GoldenFile.Bytes("gemini/signature-on-empty-text.sse")).Events;
        Assert.Equal("ZW1wdHk=", events.Single(e => e.Kind == ChatEventKind.ReasoningSignature).Text);
        Assert.Contains("""{"text":"","thoughtSignature":"ZW1wdHk="}""", Text(events), StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_BlockedPrompt_IsAContentFilter()
    {
        var (events, verdicts, decoder) = Decode(GoldenFile.Bytes("gemini/blocked.sse"));
        Assert.Equal(FinishReason.ContentFilter, events.Single(e => e.Kind == ChatEventKind.Finish).Finish);
        Assert.Equal([TapVerdict.Content], verdicts);
        Assert.True(decoder.Finished);
    }

    [Fact]
    public void Decode_TwoCandidates_FinishesWithTheLast()
    {
        var stream = GoldenFile.Bytes("gemini/two-candidates.sse");
        var lastFrame = stream.AsSpan().LastIndexOf("data: "u8);
        Assert.False(Decode(stream[..lastFrame]).Decoder.Finished);
        Assert.True(Decode(stream).Decoder.Finished);
    }

    [Fact]
    public void Decode_StreamCutBeforeItsFinish_IsNotFinished() =>
        Assert.False(Decode(Sse("""{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":1}}""")).Decoder.Finished);

    [Fact]
    public void Decode_MemberNameThatIsNoText_HarmsNothing()
    {
        var events = Decode(Sse("""{"\ud83d":1,"candidates":[{"\ud83d":1,"content":{"parts":[{"functionCall":{"name":"f","args":{"\ud83d":"\ud83d"}}}]}}]}""")).Events;
        Assert.Equal("{\"\\ud83d\":\"\\ud83d\"}", events.Single(e => e.Kind == ChatEventKind.ToolCallArguments).Text);
    }

    [Fact]
    public void Decode_GroundedAnswer_CountsToolPromptsAndCites()
    {
        var events = Decode(GoldenFile.Bytes("gemini/grounded.sse")).Events;
        Assert.Equal(new TokenUsage(37, 3), events.Single(e => e.Kind == ChatEventKind.Usage).Usage);
        Assert.Equal("""{"startIndex":0,"endIndex":9,"uri":"https://example.com/r","title":"Rain"}""", events.Single(e => e.Kind == ChatEventKind.Citation).Raw.ToString());
    }

    [Theory]
    [InlineData("data: {\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}\r\n\r\n")]
    [InlineData("{\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}")]
    [InlineData("[{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"overloaded\",\n    \"status\": \"UNAVAILABLE\"\n  }\n}\n]")]
    public void Decode_ErrorInTheStream_IsTheProvidersError(string error)
    {
        var (_, verdicts, decoder) = Decode([.. Sse("""{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}"""), .. Encoding.UTF8.GetBytes(error)]);
        Assert.Equal(TapVerdict.Error, verdicts[^1]);
        Assert.Equal(("UNAVAILABLE", "overloaded"), (decoder.Error!.Type, decoder.Error.Message));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("""{"choices":[]}""")]
    public void Decode_SomethingElse_IsMalformed(string data) => Assert.Equal([TapVerdict.Malformed], Decode(Sse(data)).Verdicts);

    [Theory]
    [InlineData("MALFORMED_FUNCTION_CALL", nameof(FinishReason.Error))]
    [InlineData("UNEXPECTED_TOOL_CALL", nameof(FinishReason.Error))]
    [InlineData("OTHER", nameof(FinishReason.Error))]
    [InlineData("MAX_TOKENS", nameof(FinishReason.Length))]
    [InlineData("SPII", nameof(FinishReason.ContentFilter))]
    [InlineData("IMAGE_SAFETY", nameof(FinishReason.ContentFilter))]
    [InlineData("STOP", nameof(FinishReason.Stop))]
    public void Decode_FinishReasons_AreMapped(string word, string expected) =>
        Assert.Equal(expected, Decode(Sse($$"""{"candidates":[{"finishReason":"{{word}}"}]}""")).Events.Single(e => e.Kind == ChatEventKind.Finish).Finish.ToString());

    [Fact]
    public void Decode_StreamedPiecesOfACall_AreContentAndNoEvents()
    {
        var (events, verdicts, _) = Decode(Sse("""{"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"b"}],"willContinue":true}}]}}]}"""));
        Assert.Equal([TapVerdict.Content], verdicts);
        Assert.Equal([ChatEventKind.Start], events.Select(e => e.Kind));
    }

    [Fact]
    public void Encode_ForeignReasoning_ComesBackAsItWas()
    {
        ChatEvent[] events =
        [
            new(ChatEventKind.Reasoning) { Text = "Let me ", Origin = ReasoningOrigin.Anthropic },
            new(ChatEventKind.Reasoning) { Text = "think.", Origin = ReasoningOrigin.Anthropic },
            new(ChatEventKind.ReasoningSignature) { Text = "sig+/=", Origin = ReasoningOrigin.Anthropic },
            new(ChatEventKind.PartEnd),
            new(ChatEventKind.RedactedReasoning) { Text = "EmwK", Origin = ReasoningOrigin.Anthropic },
            new(ChatEventKind.RedactedReasoning) { Text = "gAAA-_=", Id = "rs_1", Origin = ReasoningOrigin.OpenAi },
            new(ChatEventKind.Text) { Text = "Hel" },
            new(ChatEventKind.Text) { Text = "lo" },
            new(ChatEventKind.ToolCallStart) { Id = "toolu_1", Name = "f" },
            new(ChatEventKind.ToolCallEnd),
            new(ChatEventKind.Finish) { Finish = FinishReason.ToolCalls },
        ];
        var sent = SseBlocks(CodecRig.Encode(GeminiRig.Codec, events));
        // A client's chat keeps each chunk's content as a turn of its own and sends them all back.
        var contents = new JsonArray(Contents("user", """[{"text":"Hi"}]"""));
        foreach (var chunk in sent)
        {
            foreach (var part in chunk["candidates"]![0]!["content"]!["parts"]!.AsArray())
            {
                if (part!["thoughtSignature"] is { } signature)
                    Convert.FromBase64String((string)signature!);
            }

            contents.Add(chunk["candidates"]![0]!["content"]!.DeepClone());
        }

        var turn = CodecRig.ReadRequest(GeminiRig.Codec, new JsonObject { ["contents"] = contents }.ToJsonString()).Messages[1];
        Assert.Equal(
            Canonical.Of(GeminiRig.Says(
                ChatRole.Assistant,
                GeminiRig.Signature("sig+/=", "Let me think.", ReasoningOrigin.Anthropic),
                new Gateway.Protocol.Parts.ReasoningPart { Encrypted = "EmwK", Origin = ReasoningOrigin.Anthropic },
                new Gateway.Protocol.Parts.ReasoningPart { Encrypted = "gAAA-_=", Id = "rs_1", Origin = ReasoningOrigin.OpenAi },
                new Gateway.Protocol.Parts.TextPart("Hello"),
                GeminiRig.Call("toolu_1"))),
            Canonical.Of(turn));
    }

    [Fact]
    public void Encode_InterleavedCalls_AreSentWholeAndInOrder()
    {
        ChatEvent[] events =
        [
            new(ChatEventKind.ToolCallStart) { Index = 0, Id = "a", Name = "f" },
            new(ChatEventKind.ToolCallStart) { Index = 1, Name = "g" },
            new(ChatEventKind.ToolCallArguments) { Index = 1, Text = "{\"x\":" },
            new(ChatEventKind.ToolCallArguments) { Index = 0, Text = "{\"y\":2}" },
            new(ChatEventKind.ToolCallArguments) { Index = 1, Text = "1}" },
            new(ChatEventKind.ToolCallEnd) { Index = 1 },
            new(ChatEventKind.Text) { Text = "between" },
            new(ChatEventKind.Usage) { Usage = new TokenUsage(3, 4, Reasoning: 1) },
        ];
        var parts = SseBlocks(CodecRig.Encode(GeminiRig.Codec, events)).Select(chunk => chunk["candidates"]![0]!["content"]!["parts"]![0]!).ToList();
        Assert.Equal(("a", "f"), ((string?)parts[1]["functionCall"]!["id"], (string?)parts[1]["functionCall"]!["name"]));
        Assert.Equal("""{"x":1}""", parts[2]["functionCall"]!["args"]!.ToJsonString());
        Assert.StartsWith("call_", (string?)parts[2]["functionCall"]!["id"], StringComparison.Ordinal);
        Assert.Equal("between", (string?)parts[0]["text"]);
    }

    [Fact]
    public void Encode_End_SaysWhyAndHowMuch()
    {
        var last = SseBlocks(CodecRig.Encode(GeminiRig.Codec, [new(ChatEventKind.Finish) { Finish = FinishReason.Length }, new(ChatEventKind.Usage) { Usage = new TokenUsage(3, 4, Reasoning: 1) }]))[^1];
        Assert.Equal("MAX_TOKENS", (string?)last["candidates"]![0]!["finishReason"]);
        Assert.Equal("""{"promptTokenCount":3,"candidatesTokenCount":3,"totalTokenCount":7,"thoughtsTokenCount":1}""", last["usageMetadata"]!.ToJsonString());
        Assert.Equal(("test-model", "req-1"), ((string?)last["modelVersion"], (string?)last["responseId"]));
    }

    [Fact]
    public void Encode_AsList_IsOneJsonList()
    {
        var codec = new GeminiCodec(() => new ListFraming());
        var list = JsonNode.Parse(CodecRig.Encode(codec, [new(ChatEventKind.Text) { Text = "a" }, new(ChatEventKind.Text) { Text = "b" }]))!.AsArray();
        Assert.Equal(["a", "b", ""], list.Select(chunk => (string?)chunk!["candidates"]![0]!["content"]!["parts"]![0]!["text"]));
    }

    [Fact]
    public void ListTap_RelayedEvents_BecomeElementsUnchanged()
    {
        var stream = GoldenFile.Bytes("gemini/thinking-tools.sse");
        var facts = new ReplyFacts();
        using var tap = new GeminiListDialect().CreateStreamTap(facts, new RequestFacts());
        var output = new MemoryStream();
        using var reader = FrameReaders.Create(StreamFraming.ServerSentEvents, 64);
        stream.CopyTo(reader.GetMemory(stream.Length).Span);
        reader.Advance(stream.Length);
        while (reader.TryRead(out var frame))
        {
            tap.Observe(frame);
            output.Write(tap.Replacement);
        }

        output.Write(tap.MissingTerminator.Span);
        var list = JsonNode.Parse(output.ToArray())!.AsArray();
        Assert.Equal(SseBlocks(stream).Select(GeminiRig.Json), list.Select(GeminiRig.Json));
        Assert.Equal("tool_calls", facts.FinishReason);
        Assert.True(tap.Finished);
    }

    [Fact]
    public void ListError_AfterElements_EndsTheList()
    {
        var dialect = new GeminiListDialect();
        var output = new ArrayBufferWriter<byte>();
        var encoder = dialect.Codec.CreateStreamEncoder(CodecRig.Envelope());
        encoder.Encode(new(ChatEventKind.Text) { Text = "a" }, output);
        dialect.WriteStreamError(output, new GatewayError(ErrorKinds.StreamCut, "cut"), "req-1");
        Assert.Equal(502, (int)JsonNode.Parse(output.WrittenSpan)![1]!["error"]!["code"]!);
    }

    [Fact]
    public void ListError_BeforeElements_IsTheList()
    {
        var dialect = new GeminiListDialect();
        using var tap = dialect.CreateStreamTap(new ReplyFacts(), new RequestFacts());
        var output = new ArrayBufferWriter<byte>();
        dialect.WriteStreamError(output, new GatewayError(ErrorKinds.StreamCut, "cut"), "req-1");
        Assert.Equal(502, (int)JsonNode.Parse(output.WrittenSpan)![0]!["error"]!["code"]!);
    }

    private static (List<ChatEvent> Events, List<TapVerdict> Verdicts, IChatStreamDecoder Decoder) Decode(byte[] stream) =>
        CodecRig.Decode(GeminiRig.Codec, StreamFraming.ServerSentEvents, stream);

    private static byte[] Sse(string data) => Encoding.UTF8.GetBytes($"data: {data}\r\n\r\n");

    private static string Text(IEnumerable<ChatEvent> events) => Encoding.UTF8.GetString(CodecRig.Encode(GeminiRig.Codec, events));

    private static List<JsonNode> SseBlocks(byte[] stream) =>
        [.. Encoding.UTF8.GetString(stream).Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries).Select(block => JsonNode.Parse(block["data: ".Length..])!)];

    private static JsonObject Contents(string role, string parts) => new() { ["role"] = role, ["parts"] = JsonNode.Parse(parts) };
}
