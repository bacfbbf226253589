using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Gateway.Dialects;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Tests.Testing;
using Gateway.Transport;
using static Gateway.Tests.Dialects.Anthropic.AnthropicRig;

namespace Gateway.Tests.Dialects.Anthropic;

public class AnthropicStreamTests
{
    public static TheoryData<string> Streams => AnthropicRig.Streams;

    [Theory]
    [MemberData(nameof(Streams))]
    public void Decode_CutAnywhere_SaysTheSame(string name)
    {
        var stream = Stream(name);
        var whole = Events(stream);
        for (var cut = 1; cut < stream.Length; cut++)
            Assert.Equal(whole, Events(stream, cut));
        Gen.Int[1, stream.Length - 1].Array[1, 12].Sample(cuts => Events(stream, cuts) == whole, iter: 200);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Encode_WhatWasDecoded_DecodesToTheSame(string name)
    {
        var events = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, Stream(name)).Events;
        if (name is "overloaded")
            return; // has no proper end
        var again = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, CodecRig.Encode(Codec, events)).Events;
        Assert.Equal(CanonicalDump.Of(Lasting(events)), CanonicalDump.Of(Lasting(again)));
    }

    [Fact]
    public void Decode_Text_CountsTheCacheIn()
    {
        var (events, verdicts, decoder) = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, Stream("text"));
        Assert.Equal(new TokenUsage(2060, 15, 1800, 248), events.Last(e => e.Kind == ChatEventKind.Usage).Usage);
        Assert.Equal(
            [TapVerdict.Preamble, TapVerdict.Preamble, TapVerdict.Preamble, TapVerdict.Content, TapVerdict.Content, TapVerdict.Preamble, TapVerdict.Content, TapVerdict.Terminal],
            verdicts);
        Assert.True(decoder.Finished);
    }

    [Fact]
    public void Decode_Tools_NumbersCallsNotBlocks()
    {
        var events = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, Stream("tools")).Events;
        Assert.Equal([0, 1], events.Where(e => e.Kind == ChatEventKind.ToolCallStart).Select(e => e.Index));
        Assert.Equal("{\"place\": \"Zürich\"}", string.Concat(events.Where(e => e.Kind == ChatEventKind.ToolCallArguments).Select(e => e.Text)));
        Assert.Equal(FinishReason.ToolCalls, events.Single(e => e.Kind == ChatEventKind.Finish).Finish);
    }

    [Fact]
    public void Decode_Thinking_KeepsTheProofs()
    {
        var events = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, Stream("thinking")).Events;
        Assert.Equal("EqQBCgIYAhIM1gbcDa9GJwZA2b3h", events.Single(e => e.Kind == ChatEventKind.ReasoningSignature).Text);
        Assert.Equal(("EmwKAhgBEgy3va3pzix", ReasoningOrigin.Anthropic), events.Where(e => e.Kind == ChatEventKind.RedactedReasoning).Select(e => (e.Text, e.Origin)).Single());
        Assert.Equal(30, events.Last(e => e.Kind == ChatEventKind.Usage).Usage.Reasoning);
        Assert.Equal("END", events.Single(e => e.Kind == ChatEventKind.Finish).Text);
    }

    [Fact]
    public void Decode_Error_IsTheProviders()
    {
        var (_, verdicts, decoder) = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, Stream("overloaded"));
        Assert.Equal(TapVerdict.Error, verdicts[^1]);
        Assert.Equal(new ProviderErrorFacts(null, "overloaded_error", "Overloaded", null), decoder.Error);
        Assert.False(decoder.Finished);
    }

    [Theory]
    [InlineData("data: {\"x\":1}\n\n")]
    [InlineData("data: [1]\n\n")]
    public void Decode_OtherPayloads_AreMalformed(string stream) =>
        Assert.Equal([TapVerdict.Malformed], CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, Encoding.UTF8.GetBytes(stream)).Verdicts);

    [Fact]
    public void Decode_InputWholeInTheStart_IsSaidAtTheEnd()
    {
        var events = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, """
            data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"a":1}}}

            data: {"type":"content_block_stop","index":0}


            """u8).Events;
        Assert.Equal([ChatEventKind.ToolCallStart, ChatEventKind.ToolCallArguments, ChatEventKind.ToolCallEnd], events.Select(e => e.Kind));
        Assert.Equal("{\"a\":1}", events[1].Text);
    }

    [Fact]
    public void Decode_InputRepeatedAsZero_StaysWhatItWas()
    {
        var events = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, """
            data: {"type":"message_start","message":{"usage":{"input_tokens":9,"cache_read_input_tokens":4,"output_tokens":1}}}

            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":0,"cache_read_input_tokens":0,"output_tokens":7}}


            """u8).Events;
        Assert.Equal(new TokenUsage(13, 7, 4), events.Last(e => e.Kind == ChatEventKind.Usage).Usage);
    }

    [Fact]
    public void Encode_UsageLearntLate_IsInTheMessageDelta()
    {
        var request = Ask(User("12345678"));
        var events = Json(CodecRig.Encode(Codec, [Start, Text("a"), Finish(FinishReason.Stop), Usage(120, 30, 100)], CodecRig.Envelope(request)));
        Assert.Equal(2, (long)events[0]["message"]!["usage"]!["input_tokens"]!); // an estimate
        Assert.Equal(0, (long)events[0]["message"]!["usage"]!["output_tokens"]!);
        AssertSame(
            JsonNode.Parse("""{"input_tokens":20,"cache_creation_input_tokens":0,"cache_read_input_tokens":100,"output_tokens":30}"""),
            events.Single(e => (string?)e["type"] == "message_delta")["usage"]);
    }

    [Fact]
    public void Encode_UsageLearntEarly_IsInBoth()
    {
        var events = Json(CodecRig.Encode(Codec, [Start, Usage(120, 7, 100), Text("a"), Finish(FinishReason.Stop)]));
        Assert.Equal(20, (long)events[0]["message"]!["usage"]!["input_tokens"]!);
        Assert.Equal(0, (long)events[0]["message"]!["usage"]!["output_tokens"]!);
    }

    [Fact]
    public void Encode_InterleavedCalls_StandOneAfterTheOther()
    {
        var stream = CodecRig.Encode(Codec,
        [
            Start, Text("t"), Call(0, "call:0"), Call(1, null), Arguments(1, "{\"b\":"), Arguments(0, "{\"a\":1}"), Text("between"), Arguments(1, "2}"), Finish(FinishReason.Stop),
        ]);
        var blocks = Blocks(stream);
        Assert.Equal(["text:t", "tool_use:{\"a\":1}", "tool_use:{\"b\":2}", "text:between"], blocks);
        var starts = Json(stream).Where(e => (string?)e["type"] == "content_block_start").Select(e => (string?)e["content_block"]!["id"]).OfType<string>().ToArray();
        Assert.All(starts, id => Assert.Matches("^[a-zA-Z0-9_-]+$", id));
        Assert.Equal(2, starts.Distinct().Count());
        Assert.Equal("tool_use", (string?)Json(stream).Single(e => (string?)e["type"] == "message_delta")["delta"]!["stop_reason"]);
    }

    [Fact]
    public void Encode_ThreeCallsEndedOutOfOrder_KeepTheirOrder()
    {
        var stream = CodecRig.Encode(Codec,
        [
            Call(0, "a"), Call(1, "b"), Call(2, "c"), Arguments(2, "{\"c\":3}"), End(2), Arguments(1, "{\"b\":2}"), End(1), Arguments(0, "{\"a\":1}"), End(0), Finish(FinishReason.ToolCalls),
        ]);
        Assert.Equal(["tool_use:{\"a\":1}", "tool_use:{\"b\":2}", "tool_use:{\"c\":3}"], Blocks(stream));
    }

    [Fact]
    public void Encode_NoStartNoContent_IsStillAWholeMessage()
    {
        var events = Json(CodecRig.Encode(Codec, []));
        Assert.Equal(["message_start", "message_delta", "message_stop"], events.Select(e => (string)e["type"]!));
        Assert.Equal("msg_req-1", (string?)events[0]["message"]!["id"]);
        Assert.Equal("test-model", (string?)events[0]["message"]!["model"]);
        Assert.Equal("end_turn", (string?)events[1]["delta"]!["stop_reason"]);
    }

    [Fact]
    public void Encode_ForeignSignatures_ComeBack()
    {
        ChatEvent[] events =
        [
            Start, Reasoning("why"), Signature("c2ln", ReasoningOrigin.Gemini), Signature("c2lo", ReasoningOrigin.Gemini), Call(0, "a"), End(0), Finish(FinishReason.ToolCalls),
        ];
        var stream = CodecRig.Encode(Codec, events);
        Assert.Equal(["thinking:why", "thinking:", "tool_use:"], Blocks(stream)[..3].Select(b => b.Split('|')[0]));
        var decoded = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream).Events;
        Assert.Equal([("c2ln", ReasoningOrigin.Gemini), ("c2lo", ReasoningOrigin.Gemini)], decoded.Where(e => e.Kind == ChatEventKind.ReasoningSignature).Select(e => (e.Text!, e.Origin)));
    }

    [Fact]
    public void Encode_OpenAisEncryptedReasoning_SignsTheSummary()
    {
        var stream = CodecRig.Encode(Codec, [Start, Reasoning("sum"), new ChatEvent(ChatEventKind.RedactedReasoning) { Text = "gAAA", Id = "rs_1", Origin = ReasoningOrigin.OpenAi }, Text("a"), Finish(FinishReason.Stop)]);
        Assert.Equal(2, Blocks(stream).Count);
        var back = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream).Events.Single(e => e.Kind == ChatEventKind.RedactedReasoning);
        Assert.Equal(("gAAA", "rs_1", ReasoningOrigin.OpenAi), (back.Text, back.Id, back.Origin));
    }

    [Theory]
    [InlineData(nameof(FinishReason.Stop), "end_turn")]
    [InlineData(nameof(FinishReason.Length), "max_tokens")]
    [InlineData(nameof(FinishReason.ToolCalls), "tool_use")]
    [InlineData(nameof(FinishReason.ContentFilter), "refusal")]
    [InlineData(nameof(FinishReason.Pause), "pause_turn")]
    [InlineData(nameof(FinishReason.Error), "error")]
    public void Encode_Finish_HasItsWord(string reason, string expected) =>
        Assert.Equal(expected, (string?)Json(CodecRig.Encode(Codec, [Finish(Enum.Parse<FinishReason>(reason))]))[1]["delta"]!["stop_reason"]);

    [Fact]
    public void Encode_Refusal_IsTextAndRefusal()
    {
        var stream = CodecRig.Encode(Codec, [new ChatEvent(ChatEventKind.Refusal) { Text = "No." }, Finish(FinishReason.Stop)]);
        Assert.Equal(["text:No."], Blocks(stream));
        Assert.Equal("refusal", (string?)Json(stream).Single(e => (string?)e["type"] == "message_delta")["delta"]!["stop_reason"]);
    }

    [Fact]
    public void Encode_WhatThisWireLacks_IsLeftOut()
    {
        var stream = CodecRig.Encode(Codec,
        [
            new ChatEvent(ChatEventKind.Text) { Text = "other", Choice = 1 },
            new ChatEvent(ChatEventKind.Logprobs) { Raw = Raw("{}") },
            new ChatEvent(ChatEventKind.Media) { Text = "AAAA", Name = "image/png" },
            new ChatEvent(ChatEventKind.Citation) { Raw = Raw("""{"type":"url_citation"}""") },
            Text("a"),
        ]);
        Assert.Equal(["text:a"], Blocks(stream));
    }

    [Fact]
    public void Encode_CitationWithLineBreaks_StaysInItsFrame()
    {
        var stream = CodecRig.Encode(Codec, [Text("a"), new ChatEvent(ChatEventKind.Citation) { Raw = Raw("{\n \"type\": \"char_location\",\r\n \"cited_text\": \"x\\n\"}") }]);
        Assert.Equal("x\n", (string?)Json(stream).Single(e => (string?)e["delta"]?["type"] == "citations_delta")["delta"]!["citation"]!["cited_text"]);
    }

    [Fact]
    public void Encode_Ping_IsAnEventOfItsOwn() =>
        Assert.StartsWith("event: ping\ndata: {\"type\":\"ping\"}\n\n", Encoding.UTF8.GetString(CodecRig.Encode(Codec, [new ChatEvent(ChatEventKind.Ping)])), StringComparison.Ordinal);

    [Fact]
    public void Encode_HalfAnEmoji_Survives()
    {
        var decoded = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, CodecRig.Encode(Codec, [Text("\ud83d"), Text("\ude00")])).Events;
        Assert.Equal("\ud83d\ude00", string.Concat(decoded.Where(e => e.Kind == ChatEventKind.Text).Select(e => e.Text)));
    }

    internal static ChatEvent Start => new(ChatEventKind.Start) { Id = "msg_1", Name = "m" };

    internal static ChatEvent Text(string text) => new(ChatEventKind.Text) { Text = text };

    internal static ChatEvent Reasoning(string text) => new(ChatEventKind.Reasoning) { Text = text, Origin = ReasoningOrigin.Anthropic };

    internal static ChatEvent Signature(string text, ReasoningOrigin origin) => new(ChatEventKind.ReasoningSignature) { Text = text, Origin = origin };

    internal static ChatEvent Call(int index, string? id) => new(ChatEventKind.ToolCallStart) { Index = index, Id = id, Name = "f" };

    internal static ChatEvent Arguments(int index, string json) => new(ChatEventKind.ToolCallArguments) { Index = index, Text = json };

    internal static ChatEvent End(int index) => new(ChatEventKind.ToolCallEnd) { Index = index };

    internal static ChatEvent Finish(FinishReason reason) => new(ChatEventKind.Finish) { Finish = reason };

    internal static ChatEvent Usage(long input, long output, long cacheRead = 0) => new(ChatEventKind.Usage) { Usage = new TokenUsage(input, output, cacheRead) };

    private static string Events(byte[] stream, params int[] cuts) => CanonicalDump.Of(CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, stream, cuts).Events);

    /// <summary>What a stream says for good: of usage only the last counts, and signs of life are not kept.</summary>
    private static IEnumerable<ChatEvent> Lasting(List<ChatEvent> events) =>
        events.Where(e => e.Kind is not (ChatEventKind.Usage or ChatEventKind.Ping)).Append(events.Last(e => e.Kind == ChatEventKind.Usage));

    private static List<JsonNode> Json(byte[] stream)
    {
        var events = new List<JsonNode>();
        foreach (var frame in Encoding.UTF8.GetString(stream).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = frame.Split('\n');
            Assert.Equal(2, lines.Length);
            events.Add(JsonNode.Parse(lines[1]["data: ".Length..])!);
            Assert.Equal($"event: {events[^1]["type"]}", lines[0]);
        }

        return events;
    }

    /// <summary>The blocks as an SDK gathers them, which wants them one after the other.</summary>
    private static List<string> Blocks(byte[] stream)
    {
        var blocks = new List<string>();
        var open = -1;
        foreach (var e in Json(stream))
        {
            switch ((string?)e["type"])
            {
                case "content_block_start":
                    Assert.Equal(-1, open);
                    open = (int)e["index"]!;
                    Assert.Equal(blocks.Count, open);
                    blocks.Add($"{e["content_block"]!["type"]}:");
                    break;
                case "content_block_delta":
                    Assert.Equal(open, (int)e["index"]!);
                    var delta = e["delta"]!;
                    blocks[open] += (string?)(delta["text"] ?? delta["partial_json"] ?? delta["thinking"]);
                    break;
                case "content_block_stop":
                    Assert.Equal(open, (int)e["index"]!);
                    open = -1;
                    break;
            }
        }

        Assert.Equal(-1, open);
        return blocks;
    }
}
