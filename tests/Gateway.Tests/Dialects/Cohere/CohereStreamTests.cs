using System.Text;
using CsCheck;
using Gateway.Dialects.Cohere;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.Cohere;

public class CohereStreamTests
{
    private static readonly CohereCodec Codec = new();

    public static TheoryData<string> Streams => ["text", "thinking-citations", "tools", "logprobs"];

    [Theory]
    [MemberData(nameof(Streams))]
    public void Decode_CutAnywhere_GivesTheSameEvents(string name)
    {
        var stream = GoldenFile.Bytes($"cohere/{name}.sse");
        var whole = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream);
        for (var cut = 1; cut < stream.Length; cut++)
            Assert.Equal(whole.Events, CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream, cut).Events);
        Gen.Int[0, stream.Length].Array[0, 20].Sample(cuts => CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream, cuts).Events.SequenceEqual(whole.Events), iter: 100);
        Assert.Equal(TapVerdict.Terminal, whole.Verdicts[^1]);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Encode_DecodedStream_SaysTheSame(string name)
    {
        var events = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, GoldenFile.Bytes($"cohere/{name}.sse")).Events;
        var again = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, CodecRig.Encode(Codec, events)).Events;
        Assert.Equal(Canonical.OfStream(events), Canonical.OfStream(again));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("thinking-citations")]
    public void Encode_DecodedStream_IsTheProvidersOwn(string name)
    {
        var golden = GoldenFile.Bytes($"cohere/{name}.sse");
        var events = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, golden).Events;
        var encoded = Encoding.UTF8.GetString(CodecRig.Encode(Codec, events));
        Assert.Equal(Encoding.UTF8.GetString(golden), encoded.Replace("\\uD83D\\uDE00", "😀", StringComparison.Ordinal)); // the writer's spelling of it
    }

    [Fact]
    public void Decode_Tools_GivesPlanAndTwoCalls()
    {
        var (events, _, decoder) = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, GoldenFile.Bytes("cohere/tools.sse"));
        Assert.Equal("I will look up both.", string.Concat(events.Where(e => e.Kind == ChatEventKind.Text).Select(e => e.Text)));
        Assert.Equal("{\"city\": \"Zürich\"}", string.Concat(events.Where(e => e.Kind == ChatEventKind.ToolCallArguments && e.Index == 0).Select(e => e.Text)));
        Assert.Equal(["get_weather_1", "get_time_2"], events.Where(e => e.Kind == ChatEventKind.ToolCallStart).Select(e => e.Id));
        Assert.Equal(FinishReason.ToolCalls, events.Single(e => e.Kind == ChatEventKind.Finish).Finish);
        Assert.Equal(new TokenUsage(1589, 135), events.Single(e => e.Kind == ChatEventKind.Usage).Usage);
        Assert.True(decoder.Finished);
    }

    [Fact]
    public void Decode_Logprobs_AreOpenAisWithTheSumOfAPiecesTokens()
    {
        var raw = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, GoldenFile.Bytes("cohere/logprobs.sse")).Events.Where(e => e.Kind == ChatEventKind.Logprobs).Select(e => e.Raw.ToString()).ToList();
        JsonSame.Assert("""{"content":[{"token":" there","logprob":-0.75,"bytes":null,"top_logprobs":[]}],"refusal":null}""", raw[1]);
    }

    [Theory]
    [InlineData("data: [DONE]\n\n", nameof(TapVerdict.Malformed))] // an answer without its end is not whole
    [InlineData("data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"ERROR\",\"error\":\"it broke\"}}\n\n", nameof(TapVerdict.Error))]
    [InlineData("data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"TIMEOUT\"}}\n\n", nameof(TapVerdict.Error))]
    [InlineData("data: {\"message\":\"too many requests\"}\n\n", nameof(TapVerdict.Error))]
    [InlineData("data: [1]\n\n", nameof(TapVerdict.Malformed))]
    [InlineData("data: {\"type\":\"debug\",\"prompt\":\"x\"}\n\n", nameof(TapVerdict.Preamble))]
    [InlineData(": comment\n\n", nameof(TapVerdict.Preamble))]
    public void Decode_OddFrame_HasItsVerdict(string frame, string expected) =>
        Assert.Equal(Enum.Parse<TapVerdict>(expected), CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, Encoding.UTF8.GetBytes(frame)).Verdicts.Single());

    [Fact]
    public void Encode_InterleavedCalls_WritesOneAfterTheOther()
    {
        var text = Encoding.UTF8.GetString(CodecRig.Encode(Codec,
        [
            new ChatEvent(ChatEventKind.ToolCallStart) { Index = 0, Id = "a", Name = "f" },
            new ChatEvent(ChatEventKind.ToolCallStart) { Index = 1, Id = "b", Name = "g" },
            new ChatEvent(ChatEventKind.ToolCallArguments) { Index = 1, Text = "{\"y\":1}" },
            new ChatEvent(ChatEventKind.ToolCallArguments) { Index = 0, Text = "{\"x\":1}" },
            new ChatEvent(ChatEventKind.Finish) { Finish = FinishReason.Stop },
        ]));
        Assert.Equal(
            ["message-start", "tool-call-start", "tool-call-delta", "tool-call-end", "tool-call-start", "tool-call-delta", "tool-call-end", "message-end"],
            text.Split('\n').Where(l => l.StartsWith("event: ", StringComparison.Ordinal)).Select(l => l[7..]));
        Assert.Contains("\"finish_reason\":\"TOOL_CALL\"", text, StringComparison.Ordinal); // though the source said stop
    }

    [Fact]
    public void Encode_CallWithoutIdOrArguments_GetsBoth()
    {
        var text = Encoding.UTF8.GetString(CodecRig.Encode(Codec, [new ChatEvent(ChatEventKind.ToolCallStart) { Name = "f" }, new ChatEvent(ChatEventKind.Finish) { Finish = FinishReason.ToolCalls }]));
        Assert.Contains("\"id\":\"call_req-1_0\"", text, StringComparison.Ordinal);
        Assert.Contains("\"arguments\":\"{}\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_NothingButEnd_IsAWholeStream()
    {
        var (events, verdicts, _) = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, CodecRig.Encode(Codec, []));
        Assert.Equal(TapVerdict.Terminal, verdicts[^1]);
        Assert.Equal([ChatEventKind.Start, ChatEventKind.Finish], events.Select(e => e.Kind));
    }

    [Fact]
    public void Encode_SecondChoice_IsLeftOut() =>
        Assert.DoesNotContain("other", Encoding.UTF8.GetString(CodecRig.Encode(Codec, [new ChatEvent(ChatEventKind.Text) { Text = "one" }, new ChatEvent(ChatEventKind.Text) { Choice = 1, Text = "other" }])), StringComparison.Ordinal);

    [Fact]
    public void Encode_ForeignSignatures_ComeBackToTheirVendor()
    {
        ChatEvent[] events =
        [
            new(ChatEventKind.Reasoning) { Text = "hm", Origin = ReasoningOrigin.Anthropic },
            new(ChatEventKind.ReasoningSignature) { Text = "sig+/=", Origin = ReasoningOrigin.Anthropic },
            new(ChatEventKind.RedactedReasoning) { Text = "secret", Origin = ReasoningOrigin.Anthropic },
            new(ChatEventKind.ReasoningSignature) { Text = "gem", Origin = ReasoningOrigin.Gemini },
            new(ChatEventKind.ToolCallStart) { Id = "a", Name = "f" },
        ];
        var decoded = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, CodecRig.Encode(Codec, events)).Events;
        Assert.Equal(
            [("sig+/=", ReasoningOrigin.Anthropic), ("secret", ReasoningOrigin.Anthropic), ("gem", ReasoningOrigin.Gemini)],
            decoded.Where(e => e.Kind is ChatEventKind.ReasoningSignature or ChatEventKind.RedactedReasoning).Select(e => (e.Text!, e.Origin)));
    }
}
