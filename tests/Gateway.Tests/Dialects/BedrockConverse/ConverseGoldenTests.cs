using Gateway.Dialects;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using Gateway.Transport;
using static Gateway.Tests.Dialects.BedrockConverse.ConverseRig;

namespace Gateway.Tests.Dialects.BedrockConverse;

public class ConverseGoldenTests
{
    [Theory]
    [InlineData("everything", Claude)]
    [InlineData("thinking-tools", Claude)]
    [InlineData("nova", "us.amazon.nova-2-lite-v1:0")]
    public void Request_ReadAndWritten_IsTheSame(string name, string model)
    {
        var golden = Golden(name + ".request.json");
        var (body, dropped) = CodecRig.WriteRequest(Codec, Read(golden), Target(model));
        AssertSame(golden, body);
        Assert.Empty(dropped.Paths);
    }

    [Fact]
    public void Request_WrittenTwice_IsTheSameBytes()
    {
        var request = Read(Golden("everything.request.json"));
        Assert.Equal(CodecRig.WriteRequest(Codec, request, Target()).Body, CodecRig.WriteRequest(Codec, request, Target()).Body);
    }

    [Fact]
    public void Request_Everything_IsRead()
    {
        var request = Read(Golden("everything.request.json"));
        Assert.Equal(
            [ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User, ChatRole.Assistant, ChatRole.User],
            request.Messages.Select(message => message.Role));
        Assert.Equal((2000, 0.5, 40), (request.MaxOutputTokens, request.Temperature, request.TopK));
        Assert.Equal(["END", "\n\nHuman:"], request.Stop);
        Assert.Equal(["lookup", "clock", "nova_code_interpreter"], request.Tools.Select(tool => tool.Name));
        Assert.Equal("5m", request.Tools[1].Cache!.Ttl);
        Assert.Equal("flex", request.ServiceTier);
        Assert.Equal("verdict", request.Format!.Name);
        Assert.Equal(
            ["additionalModelRequestFields.anthropic_beta", "guardrailConfig", "additionalModelResponseFieldPaths", "performanceConfig"],
            request.Extras.Select(extra => extra.Path));
        var user = request.Messages[1].Parts;
        Assert.Equal(new CacheMark("1h"), user[6].Cache);
        Assert.Equal("s3://bucket/chart.jpg", Assert.IsType<ImagePart>(user[2]).Source.Url);
        Assert.Equal("Sales rose.", Assert.IsType<DocumentPart>(user[4]).Text);
        Assert.Equal("guardContent", Assert.IsType<OpaquePart>(user[7]).Whole.Name);
        var results = request.Messages[3].Parts;
        Assert.Equal("{ \"sales\": 1.50 }", Assert.IsType<ToolResultPart>(results[0]).Json.ToString());
        Assert.True(Assert.IsType<ToolResultPart>(results[1]).IsError);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("tools")]
    public void Reply_ReadAndWritten_IsTheSame(string name)
    {
        var golden = Golden(name + ".reply.json");
        AssertSame(golden, CodecRig.WriteReply(Codec, Reply(golden)));
    }

    [Fact]
    public void Reply_Text_CountsTheCacheAsInput()
    {
        var reply = Reply(Golden("text.reply.json"));
        Assert.Equal(new TokenUsage(1212, 5, CacheRead: 1000, CacheWrite: 200), reply.Usage);
        Assert.Equal((FinishReason.Stop, "END", "default"), (reply.Choices[0].Finish, reply.Choices[0].StopSequence, reply.ServiceTier));
    }

    [Fact]
    public void Reply_Guardrail_IsAFilter()
    {
        var reply = Reply(Golden("guardrail.reply.json"));
        Assert.Equal(FinishReason.ContentFilter, reply.Choices[0].Finish);
        Assert.Equal(["metrics", "trace"], reply.Extras.Select(extra => extra.Path));
    }

    [Fact]
    public void Reply_Tools_AreRead()
    {
        var choice = Reply(Golden("tools.reply.json")).Choices[0];
        Assert.Equal(FinishReason.ToolCalls, choice.Finish);
        Assert.Equal(("EqQBCgIYAhIM", ReasoningOrigin.Anthropic), (((ReasoningPart)choice.Parts[0]).Signature, ((ReasoningPart)choice.Parts[0]).Origin));
        Assert.Equal("cmVkYWN0ZWQ=", ((ReasoningPart)choice.Parts[1]).Encrypted);
        Assert.Equal("{ \"city\": \"Oslo\", \"days\": 1.0 }", ((ToolCallPart)choice.Parts[3]).Arguments);
    }

    [Theory]
    [InlineData("""{"message":"no reply"}""")]
    [InlineData("[]")]
    [InlineData("""{"output":{"message":{"content":[{}]}}}""")]
    public void Reply_OfAnotherWire_IsNone(string body) =>
        Assert.Null(Codec.ReadReply(System.Text.Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("text")]
    [InlineData("thinking-tools")]
    [InlineData("citations")]
    [InlineData("throttled")]
    public void Stream_CutAnywhere_SaysTheSame(string name)
    {
        var stream = GoldenStream(name);
        var (expected, verdicts, _) = Decode(stream);
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var (events, seen, _) = Decode(stream, cut);
            Assert.Equal(expected, events);
            Assert.Equal(verdicts, seen);
        }
    }

    [Fact]
    public void Stream_Text_IsTheseEvents()
    {
        var (events, verdicts, decoder) = Decode(GoldenStream("text"));
        Assert.Equal(
            [
                new ChatEvent(ChatEventKind.Start),
                new ChatEvent(ChatEventKind.Text) { Text = "Hel" },
                new ChatEvent(ChatEventKind.Text) { Text = "lo 世界 😀 \ud83d" },
                new ChatEvent(ChatEventKind.PartEnd),
                new ChatEvent(ChatEventKind.Finish) { Finish = FinishReason.Stop },
                new ChatEvent(ChatEventKind.Usage) { Usage = new TokenUsage(117, 9, CacheRead: 100, CacheWrite: 10) },
            ],
            events);
        Assert.Equal(
            [TapVerdict.Preamble, TapVerdict.Content, TapVerdict.Preamble, TapVerdict.Content, TapVerdict.Content, TapVerdict.Content, TapVerdict.Terminal],
            verdicts);
        Assert.True(decoder.Finished);
    }

    [Fact]
    public void Stream_ThinkingAndTools_IsTheseEvents()
    {
        var (events, _, _) = Decode(GoldenStream("thinking-tools"));
        Assert.Equal(
            [
                new ChatEvent(ChatEventKind.Start),
                new ChatEvent(ChatEventKind.Reasoning) { Text = "Two ", Origin = ReasoningOrigin.Anthropic },
                new ChatEvent(ChatEventKind.Reasoning) { Text = "calls.", Origin = ReasoningOrigin.Anthropic },
                new ChatEvent(ChatEventKind.ReasoningSignature) { Text = "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pk+/w==", Origin = ReasoningOrigin.Anthropic },
                new ChatEvent(ChatEventKind.PartEnd),
                new ChatEvent(ChatEventKind.RedactedReasoning) { Text = "cmVkYWN0ZWQ=", Origin = ReasoningOrigin.Anthropic },
                new ChatEvent(ChatEventKind.Text) { Text = "Checking." },
                new ChatEvent(ChatEventKind.PartEnd),
                new ChatEvent(ChatEventKind.ToolCallStart) { Index = 0, Id = "tooluse_x", Name = "weather" },
                new ChatEvent(ChatEventKind.ToolCallArguments) { Index = 0, Text = "{\"city\":" },
                new ChatEvent(ChatEventKind.ToolCallArguments) { Index = 0, Text = "\"Oslo\"}" },
                new ChatEvent(ChatEventKind.ToolCallEnd) { Index = 0 },
                new ChatEvent(ChatEventKind.ToolCallStart) { Index = 1, Id = "tooluse_y", Name = "clock" },
                new ChatEvent(ChatEventKind.ToolCallEnd) { Index = 1 },
                new ChatEvent(ChatEventKind.Finish) { Finish = FinishReason.ToolCalls },
                new ChatEvent(ChatEventKind.Usage) { Usage = new TokenUsage(300, 80) },
            ],
            events);
    }

    [Fact]
    public void Stream_Citations_AreReadAndWhatIsNewIsSkipped()
    {
        var (events, verdicts, _) = Decode(GoldenStream("citations"));
        Assert.Equal(
            [ChatEventKind.Start, ChatEventKind.Text, ChatEventKind.Citation, ChatEventKind.PartEnd, ChatEventKind.Finish, ChatEventKind.Usage],
            events.Select(chatEvent => chatEvent.Kind));
        Assert.Equal(FinishReason.Length, events[4].Finish);
        Assert.DoesNotContain(TapVerdict.Malformed, verdicts);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("thinking-tools")]
    [InlineData("citations")]
    public void Stream_DecodedAndEncoded_SaysTheSame(string name)
    {
        var (events, _, _) = Decode(GoldenStream(name));
        Assert.Equal(events, Decode(CodecRig.Encode(Codec, events)).Events);
    }

    [Fact]
    public void Stream_Exception_IsTheProvidersError()
    {
        var (_, verdicts, decoder) = Decode(GoldenStream("throttled"));
        Assert.Equal(TapVerdict.Error, verdicts[^1]);
        Assert.Equal(new ProviderErrorFacts("throttlingException", "throttlingException", "Too many requests, please wait before trying again.", null), decoder.Error);
        Assert.False(decoder.Finished);
    }

    [Fact]
    public void Stream_WithoutMetadata_IsFinishedButNotAtItsEnd()
    {
        var stream = GoldenStream("text");
        var (_, verdicts, decoder) = Decode(stream.AsSpan(0, stream.Length - 20));
        Assert.DoesNotContain(TapVerdict.Terminal, verdicts);
        Assert.True(decoder.Finished);
    }
}
