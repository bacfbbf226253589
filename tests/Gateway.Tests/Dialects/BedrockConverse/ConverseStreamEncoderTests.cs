using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Tests.Testing;
using static Gateway.Tests.Dialects.BedrockConverse.ConverseRig;

namespace Gateway.Tests.Dialects.BedrockConverse;

public class ConverseStreamEncoderTests
{
    [Fact]
    public void End_WithoutEvents_IsAWholeEmptyAnswer() => Assert.Equal(
        [
            """messageStart {"role":"assistant"}""",
            """messageStop {"stopReason":"end_turn"}""",
            """metadata {"usage":{"inputTokens":0,"outputTokens":0,"totalTokens":0,"cacheReadInputTokens":0,"cacheWriteInputTokens":0},"metrics":{"latencyMs":0}}""",
        ],
        Encoded());

    [Fact]
    public void Encode_WiresWithoutBlocks_GetsBlocks() => Assert.Equal(
        [
            """messageStart {"role":"assistant"}""",
            """contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Hm"}}}""",
            """contentBlockStop {"contentBlockIndex":0}""",
            """contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"Hel"}}""",
            """contentBlockDelta {"contentBlockIndex":1,"delta":{"text":"lo"}}""",
            """contentBlockStop {"contentBlockIndex":1}""",
            """messageStop {"stopReason":"max_tokens"}""",
            """metadata {"usage":{"inputTokens":5,"outputTokens":3,"totalTokens":18,"cacheReadInputTokens":4,"cacheWriteInputTokens":6},"metrics":{"latencyMs":0}}""",
        ],
        Encoded(
            new ChatEvent(ChatEventKind.Reasoning) { Text = "Hm" },
            new ChatEvent(ChatEventKind.Text) { Text = "Hel" },
            new ChatEvent(ChatEventKind.Ping),
            new ChatEvent(ChatEventKind.Refusal) { Text = "lo" },
            new ChatEvent(ChatEventKind.Text) { Text = "other", Choice = 1 },
            new ChatEvent(ChatEventKind.Usage) { Usage = new TokenUsage(15, 3, CacheRead: 4, CacheWrite: 6) },
            new ChatEvent(ChatEventKind.Finish) { Finish = FinishReason.Length }));

    [Fact]
    public void Encode_InterleavedCalls_FollowOneAnother() => Assert.Equal(
        [
            """messageStart {"role":"assistant"}""",
            """contentBlockStart {"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"a","name":"f"}}}""",
            """contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"x\":"}}}""",
            """contentBlockDelta {"contentBlockIndex":0,"delta":{"toolUse":{"input":"1}"}}}""",
            """contentBlockStop {"contentBlockIndex":0}""",
            """contentBlockStart {"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"tooluse_req-1_1","name":"g"}}}""",
            """contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":"{}"}}}""",
            """contentBlockStop {"contentBlockIndex":1}""",
            """contentBlockDelta {"contentBlockIndex":2,"delta":{"text":"late"}}""",
            """contentBlockStop {"contentBlockIndex":2}""",
            """messageStop {"stopReason":"tool_use"}""",
        ],
        Encoded(
            new ChatEvent(ChatEventKind.Start) { Id = "1", Name = "m" },
            new ChatEvent(ChatEventKind.ToolCallStart) { Index = 0, Id = "a", Name = "f" },
            new ChatEvent(ChatEventKind.ToolCallArguments) { Index = 0, Text = "{\"x\":" },
            new ChatEvent(ChatEventKind.ToolCallStart) { Index = 1, Name = "g" },
            new ChatEvent(ChatEventKind.ToolCallArguments) { Index = 1, Text = "{}" },
            new ChatEvent(ChatEventKind.Text) { Text = "late" },
            new ChatEvent(ChatEventKind.ToolCallEnd) { Index = 1 },
            new ChatEvent(ChatEventKind.ToolCallArguments) { Index = 0, Text = "1}" },
            new ChatEvent(ChatEventKind.ToolCallEnd) { Index = 0 },
            new ChatEvent(ChatEventKind.Finish) { Finish = FinishReason.Stop })[..^1]);

    [Fact]
    public void Encode_CallsThatNeverEnd_EndWithTheFinish()
    {
        var lines = Encoded(
            new ChatEvent(ChatEventKind.ToolCallStart) { Index = 0, Id = "a", Name = "f" },
            new ChatEvent(ChatEventKind.ToolCallStart) { Index = 1, Id = "b", Name = "g" },
            new ChatEvent(ChatEventKind.ToolCallArguments) { Index = 1, Text = "{}" },
            new ChatEvent(ChatEventKind.Finish) { Finish = FinishReason.ToolCalls });
        Assert.Equal(["messageStart", "contentBlockStart", "contentBlockStop", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"],
            lines.Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)]));
    }

    [Fact]
    public void Encode_SignatureWithoutReasoning_IsABlockOfItsOwnBeforeTheCall()
    {
        var lines = Encoded(
            new ChatEvent(ChatEventKind.ReasoningSignature) { Text = "c2ln", Origin = ReasoningOrigin.Gemini },
            new ChatEvent(ChatEventKind.ToolCallStart) { Id = "a", Name = "f" },
            new ChatEvent(ChatEventKind.ToolCallEnd));
        Assert.StartsWith("""contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"Z3cxO""", lines[1], StringComparison.Ordinal);
        Assert.Equal("""contentBlockStop {"contentBlockIndex":0}""", lines[2]);
        Assert.StartsWith("""contentBlockStart {"contentBlockIndex":1""", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_ForeignSignature_ComesBackAsItWas()
    {
        ChatEvent[] events =
        [
            new(ChatEventKind.Start),
            new(ChatEventKind.Reasoning) { Text = "Hm", Origin = ReasoningOrigin.Anthropic },
            new(ChatEventKind.ReasoningSignature) { Text = "c2ln", Origin = ReasoningOrigin.Gemini },
            new(ChatEventKind.PartEnd),
            new(ChatEventKind.RedactedReasoning) { Text = "enc", Origin = ReasoningOrigin.OpenAi },
            new(ChatEventKind.Finish) { Finish = FinishReason.Stop },
            new(ChatEventKind.Usage) { Usage = new TokenUsage(1, 2) },
        ];
        Assert.Equal(events, Decode(CodecRig.Encode(Codec, events)).Events);
    }

    [Fact]
    public void Encode_StopText_IsTold()
    {
        var lines = Encoded(new ChatEvent(ChatEventKind.Text) { Text = "a" }, new ChatEvent(ChatEventKind.Finish) { Finish = FinishReason.Stop, Text = "END" });
        Assert.Equal("""messageStop {"stopReason":"stop_sequence","additionalModelResponseFields":{"stop_sequence":"END"}}""", lines[^2]);
    }

    [Fact]
    public void Encode_Image_IsABlock()
    {
        ChatEvent[] events =
        [
            new(ChatEventKind.Start),
            new(ChatEventKind.Media) { Text = "iVBORw0KGgo=", Name = "image/png" },
            new(ChatEventKind.Finish) { Finish = FinishReason.Stop },
            new(ChatEventKind.Usage),
        ];
        Assert.Equal(events, Decode(CodecRig.Encode(Codec, events)).Events);
    }

    [Fact]
    public void Encode_CitationOfAnotherWire_IsLeftOut()
    {
        var lines = Encoded(new ChatEvent(ChatEventKind.Text) { Text = "a" }, new ChatEvent(ChatEventKind.Citation) { Raw = Json("""{"type":"char_location","cited_text":"x"}""") });
        Assert.DoesNotContain(lines, line => line.Contains("citation", StringComparison.Ordinal));
    }

    [Fact]
    public void Encode_LoneSurrogates_AreWritten()
    {
        var lines = Encoded(new ChatEvent(ChatEventKind.Text) { Text = "\ud83d" }, new ChatEvent(ChatEventKind.Text) { Text = "\ude00" });
        Assert.Contains("\\ud83d", lines[1], StringComparison.Ordinal);
    }

    private static List<string> Encoded(params ChatEvent[] events) => Lines(CodecRig.Encode(Codec, events));
}
