using System.Text;
using Gateway.Dialects;
using Gateway.Dialects.OpenAiChat;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.OpenAiChat;

public class ChatStreamTests
{
    private static readonly OpenAiChatCodec Codec = new();

    private static (List<ChatEvent> Events, List<TapVerdict> Verdicts, IChatStreamDecoder Decoder) Decode(params string[] chunks) =>
        CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, Encoding.UTF8.GetBytes(string.Concat(chunks.Select(c => $"data: {c}\n\n"))));

    private static ChatReply Fold(params string[] deltas)
    {
        var (events, _, _) = Decode([.. deltas.Select(d => d.StartsWith("{\"delta\"", StringComparison.Ordinal) ? $"{{\"id\":\"i\",\"model\":\"m\",\"choices\":[{d}]}}" : d), "[DONE]"]);
        return EventFold.Fold(events);
    }

    private static string Calls(ChatReply reply) =>
        string.Join(' ', reply.Choices[0].Parts.OfType<ToolCallPart>().Select(c => $"{c.Id}:{c.Name}:{c.Arguments}"));

    private static string Call(string members) => $"{{\"delta\":{{\"tool_calls\":[{{{members}}}]}}}}";

    public static TheoryData<string> Golden => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "golden", "openai-chat"), "*.sse").Select(f => Path.GetFileName(f)!)];

    [Theory]
    [MemberData(nameof(Golden))]
    public void Decode_GoldenStreamCutAnywhere_SaysTheSame(string file)
    {
        var stream = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", "openai-chat", file));
        var (whole, _, _) = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream);
        Assert.NotEmpty(whole);
        Assert.Equal(ChatEventKind.Start, whole[0].Kind);
        for (var cut = 1; cut < stream.Length; cut++)
            Assert.Equal(whole, CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream, cut).Events);
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void Encode_GoldenStreamDecoded_SaysTheSameAgain(string file)
    {
        var stream = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", "openai-chat", file));
        var (events, _, _) = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream);
        var again = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, CodecRig.Encode(Codec, events, CodecRig.Envelope(includeUsage: true))).Events;
        var (before, after) = (EventFold.Fold(events), EventFold.Fold(again));
        before.Id ??= after.Id; // what names nothing gets a name
        Assert.Equal(CanonicalText.Of(before), CanonicalText.Of(after));
    }

    [Fact]
    public void Decode_ParallelCalls_ById() => Assert.Equal(
        "a:f:{\"x\":1} b:g:{\"y\":2}",
        Calls(Fold(
            Call("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}"),
            Call("\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{\\\"y\\\"\"}"),
            Call("\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\":1}\"}"),
            Call("\"index\":1,\"function\":{\"arguments\":\":2}\"}"))));

    [Fact]
    public void Decode_IdAndNameRepeatedInEachFragment_AreOneCall() => Assert.Equal(
        "a:f:{\"x\":1}",
        Calls(Fold(
            Call("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\"}"),
            Call("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\\\":1}\"}"))));

    [Fact]
    public void Decode_NewIdInEachFragment_IsOneCall() => Assert.Equal(
        "a:f:{\"x\":1}",
        Calls(Fold(
            Call("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\"}"),
            Call("\"index\":0,\"id\":\"b\",\"function\":{\"arguments\":\"\\\":1}\"}"))));

    [Fact]
    public void Decode_EveryCallWithIndexZero_AreSeveralCalls() => Assert.Equal(
        "a:f:{} b:f:{}",
        Calls(Fold(
            Call("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}"),
            Call("\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}"))));

    [Fact]
    public void Decode_NoIdsAndNoIndexes_WholeCalls_AreSeveralCalls() => Assert.Equal(
        ":f:{\"x\":1} :f:{\"x\":2} :g:{}",
        Calls(Fold(
            Call("\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1}}"),
            Call("\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":2}\"}"),
            Call("\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}"))));

    [Fact]
    public void Decode_MissingIndex_ContinuesTheLastCall() => Assert.Equal(
        "a:f:{\"x\":1}",
        Calls(Fold(
            Call("\"id\":\"a\",\"function\":{\"name\":\"f\"}"),
            Call("\"function\":{\"arguments\":\"{\\\"x\\\"\"}"),
            Call("\"function\":{\"arguments\":\":1}\"}"))));

    [Fact]
    public void Decode_NameAfterTheArguments_LosesNothing() => Assert.Equal(
        "a:f:{}",
        Calls(Fold(Call("\"index\":0,\"id\":\"a\",\"function\":{\"arguments\":\"{\"}"), Call("\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"}\"}"))));

    [Fact]
    public void Decode_LegacyFunctionCall_IsACall() => Assert.Equal(
        ":f:{}",
        Calls(Fold("{\"delta\":{\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}}}", "{\"delta\":{\"function_call\":{\"arguments\":\"{}\"}},\"finish_reason\":\"function_call\"}")));

    [Fact]
    public void Decode_CompleteCall_EndsBeforeTheNextBegins()
    {
        var (events, _, _) = Decode(
            "{\"id\":\"i\",\"choices\":[" + Call("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}") + "]}",
            "{\"id\":\"i\",\"choices\":[" + Call("\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}") + "]}");
        Assert.Equal(
            [ChatEventKind.Start, ChatEventKind.ToolCallStart, ChatEventKind.ToolCallArguments, ChatEventKind.ToolCallEnd, ChatEventKind.ToolCallStart, ChatEventKind.ToolCallArguments],
            events.Select(e => e.Kind));
    }

    [Fact]
    public void Decode_StopAfterCalls_IsToolCalls() => Assert.Equal(
        FinishReason.ToolCalls,
        Fold(Call("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}"), "{\"delta\":{},\"finish_reason\":\"stop\"}").Choices[0].Finish);

    [Fact]
    public void Decode_ChunksWithoutChoices_SayNothing()
    {
        var (events, verdicts, decoder) = Decode(
            "{\"id\":\"\",\"model\":\"\",\"choices\":[],\"prompt_filter_results\":[]}",
            "{\"id\":\"i\",\"model\":\"m\"}",
            "{\"id\":\"i\",\"choices\":[{\"index\":0,\"delta\":{}}]}",
            "{\"id\":\"i\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}");
        Assert.Equal("i", Assert.Single(events).Id);
        Assert.All(verdicts, v => Assert.Equal(TapVerdict.Preamble, v));
        Assert.False(decoder.Finished);
    }

    [Fact]
    public void Decode_ErrorInA200_IsTheProvidersError()
    {
        var (_, verdicts, decoder) = Decode("{\"id\":\"i\",\"error\":{\"code\":502,\"message\":\"Overloaded\"},\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}");
        Assert.Equal(TapVerdict.Error, Assert.Single(verdicts));
        Assert.Equal(("502", "Overloaded"), (decoder.Error!.Code, decoder.Error.Message));
    }

    [Theory]
    [InlineData("{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}")]
    [InlineData("{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"x_groq\":{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}}")]
    [InlineData("{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}]}")]
    public void Decode_Usage_WhereverItStands(string chunk) =>
        Assert.Equal(new TokenUsage(3, 4), Decode(chunk).Events.Single(e => e.Kind == ChatEventKind.Usage).Usage);

    [Fact]
    public void Decode_ReasoningInTwoForms_IsToldOnce()
    {
        var reply = Fold(
            "{\"delta\":{\"reasoning\":\"a\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"a\",\"format\":\"anthropic-claude-v1\",\"index\":0}]}}",
            "{\"delta\":{\"reasoning\":\"b\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"b\",\"format\":\"anthropic-claude-v1\",\"index\":0}]}}",
            "{\"delta\":{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"signature\":\"s\",\"format\":\"anthropic-claude-v1\",\"index\":0}]}}",
            "{\"delta\":{\"content\":\"x\"}}");
        var reasoning = Assert.IsType<ReasoningPart>(reply.Choices[0].Parts[0]);
        Assert.Equal(("ab", "s", ReasoningOrigin.Anthropic), (reasoning.Text, reasoning.Signature, reasoning.Origin));
    }

    [Fact]
    public void Decode_GoogleSignatureOnTheCall_ComesBeforeIt()
    {
        var reply = Fold(
            "{\"delta\":{\"reasoning_content\":\"hm\"}}",
            Call("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"},\"extra_content\":{\"google\":{\"thought_signature\":\"sig\"}}"));
        Assert.Equal("sig", Assert.IsType<ReasoningPart>(reply.Choices[0].Parts[1]).Signature);
        Assert.IsType<ToolCallPart>(reply.Choices[0].Parts[2]);
    }

    [Fact]
    public void Decode_ContentAsArray_IsUnderstood()
    {
        var reply = Fold(
            "{\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"why\"}]}]}}",
            "{\"delta\":{\"content\":[{\"type\":\"text\",\"text\":\"so\"}]}}");
        Assert.Equal("why", Assert.IsType<ReasoningPart>(reply.Choices[0].Parts[0]).Text);
        Assert.Equal("so", Assert.IsType<TextPart>(reply.Choices[0].Parts[1]).Text);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    public void Decode_NoChunk_IsMalformed(string chunk) => Assert.Equal(TapVerdict.Malformed, Decode(chunk).Verdicts[0]);

    [Theory]
    [InlineData("{\"choices\":[")]
    [InlineData("{} {}")]
    public void Decode_NoJson_Throws(string chunk) => Assert.ThrowsAny<System.Text.Json.JsonException>(() => Decode(chunk));

    [Fact]
    public void Decode_LoneSurrogate_Survives() =>
        Assert.Equal("\ud83d", Assert.IsType<TextPart>(Fold("{\"delta\":{\"content\":\"\\ud83d\"}}").Choices[0].Parts[0]).Text);

    [Fact]
    public void Decode_EveryChoiceFinished_IsFinished()
    {
        Assert.False(Decode("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"},{\"index\":1,\"delta\":{\"content\":\"b\"}}]}").Decoder.Finished);
        Assert.True(Decode("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}").Decoder.Finished);
    }

    [Fact]
    public void Encode_NoEventsAtAll_IsStillAStream()
    {
        var stream = Encoding.UTF8.GetString(CodecRig.Encode(Codec, []));
        Assert.Contains("\"role\":\"assistant\"", stream, StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"stop\"", stream, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", stream, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_Usage_OnlyForWhoAskedForIt()
    {
        ChatEvent[] events = [new(ChatEventKind.Usage) { Usage = new TokenUsage(1, 2) }, new(ChatEventKind.Text) { Text = "x" }];
        Assert.DoesNotContain("usage", Encoding.UTF8.GetString(CodecRig.Encode(Codec, events)), StringComparison.Ordinal);
        var stream = Encoding.UTF8.GetString(CodecRig.Encode(Codec, events, CodecRig.Envelope(includeUsage: true)));
        Assert.Contains("\"choices\":[],\"usage\":{\"prompt_tokens\":1", stream, StringComparison.Ordinal);
        Assert.Contains("],\"usage\":null}", stream, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_CallWithoutArguments_GetsAnEmptyObject()
    {
        var stream = CodecRig.Encode(Codec, [new(ChatEventKind.ToolCallStart) { Name = "f" }, new(ChatEventKind.ToolCallEnd), new(ChatEventKind.Finish) { Finish = FinishReason.Stop }]);
        var (events, _, _) = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream);
        var reply = EventFold.Fold(events);
        Assert.Equal("call_req-1_0:f:{}", Calls(reply));
        Assert.Equal(FinishReason.ToolCalls, reply.Choices[0].Finish);
    }

    [Fact]
    public void Encode_Ping_IsAComment() => Assert.Contains(": keep-alive\n\n", Encoding.UTF8.GetString(CodecRig.Encode(Codec, [new(ChatEventKind.Ping)])), StringComparison.Ordinal);

    [Fact]
    public void Encode_DetailsJoinedByAnAccumulator_AreWhole()
    {
        // An accumulator joins strings and adds numbers: what names a block may stand only once.
        var stream = Encoding.UTF8.GetString(CodecRig.Encode(Codec,
        [
            new(ChatEventKind.Text) { Text = "t" },
            new(ChatEventKind.Reasoning) { Text = "a", Origin = ReasoningOrigin.Anthropic },
            new(ChatEventKind.Reasoning) { Text = "b", Origin = ReasoningOrigin.Anthropic },
            new(ChatEventKind.ReasoningSignature) { Text = "s", Origin = ReasoningOrigin.Anthropic },
        ]));
        Assert.Equal(2, stream.Split("anthropic-claude-v1").Length);
        Assert.Equal(2, stream.Split("\"position\":1").Length);
        Assert.Equal(2, stream.Split("\"signature\":\"s\"").Length);
    }

    [Fact]
    public void Encode_LegacyClient_GetsFunctionCalls()
    {
        var request = CodecRig.ReadRequest(Codec, """{"model":"m","messages":[{"role":"user","content":"hi"}],"functions":[{"name":"f"}]}""");
        var stream = Encoding.UTF8.GetString(CodecRig.Encode(
            Codec,
            [new(ChatEventKind.ToolCallStart) { Id = "a", Name = "f" }, new(ChatEventKind.ToolCallArguments) { Text = "{}" }, new(ChatEventKind.Finish) { Finish = FinishReason.ToolCalls }],
            CodecRig.Envelope(request)));
        Assert.Contains("\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}", stream, StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"function_call\"", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("tool_calls", stream, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_Logprobs_GoWithTheirText()
    {
        var stream = Encoding.UTF8.GetString(CodecRig.Encode(
            Codec,
            [new(ChatEventKind.Logprobs) { Raw = new RawJson("""{"content":[{"token":"x"}],"refusal":null}"""u8.ToArray()) }, new(ChatEventKind.Text) { Text = "x" }]));
        Assert.Contains("{\"content\":\"x\"},\"logprobs\":{\"content\":[{\"token\":\"x\"}],\"refusal\":null}", stream, StringComparison.Ordinal);
    }
}
