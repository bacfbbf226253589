using Gateway.Dialects;
using Gateway.Dialects.OpenAi;
using Gateway.Dialects.OpenAiChat;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Dialects.OpenAiChat;

public class ChatRequestTests
{
    private static readonly OpenAiChatCodec Codec = new();

    private static ChatRequest Read(string members) =>
        CodecRig.ReadRequest(Codec, members.Contains("\"messages\"", StringComparison.Ordinal)
            ? $"{{\"model\":\"m\",{members}}}"
            : $"{{\"model\":\"m\",\"messages\":[{{\"role\":\"user\",\"content\":\"hi\"}}],{members}}}");

    private static ChatRequest History(string messages) => Read($"\"messages\":{messages}");

    [Fact]
    public void ReadRequest_EverythingAtOnce_IsUnderstood()
    {
        var request = Read("""
            "max_tokens":5,"max_completion_tokens":10,"temperature":0.5,"top_p":0.9,"top_k":40,"min_p":0.1,"presence_penalty":1,"frequency_penalty":-1,
            "seed":-7,"n":2,"stop":"END","parallel_tool_calls":false,"logprobs":true,"top_logprobs":3,"logit_bias":{"1":-100},"user":"u","service_tier":"flex",
            "metadata":{"a":"b"},"store":true,"prompt_cache_key":"k","verbosity":"low","modalities":["text","audio"],"audio":{"voice":"alloy","format":"wav"},
            "reasoning_effort":"high","stream":true,"stream_options":{"include_usage":true},"prediction":{"type":"content","content":"x"},"web_search_options":{}
            """);
        Assert.Equal(10, request.MaxOutputTokens);
        Assert.Equal(0.5, request.Temperature);
        Assert.Equal(40, request.TopK);
        Assert.Equal(-7, request.Seed);
        Assert.Equal(["END"], request.Stop);
        Assert.Equal("high", request.Reasoning!.Effort);
        Assert.Equal(["text", "audio"], request.Modalities);
        Assert.True(request.Stream);
        Assert.Equal(["prediction", "web_search_options"], request.Extras.Select(e => e.Path));
    }

    [Theory]
    [InlineData("\"messages\":[]", "messages")]
    [InlineData("\"messages\":\"hi\"", "messages")]
    [InlineData("\"messages\":[{\"content\":\"x\"}]", "messages[0].role")]
    [InlineData("\"messages\":[{\"role\":\"wizard\",\"content\":\"x\"}]", "messages[0].role")]
    [InlineData("\"messages\":[{\"role\":\"user\"}]", "messages[0].content")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":5}]", "messages[0].content")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]", "messages[0].content[0].type")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]", "messages[0].content[0].image_url.url")]
    [InlineData("\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]", "messages[0].tool_call_id")]
    [InlineData("\"temperature\":\"hot\"", "temperature")]
    [InlineData("\"max_tokens\":1.5", "max_tokens")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", "tools[0].function")]
    [InlineData("\"tool_choice\":\"maybe\"", "tool_choice")]
    [InlineData("\"stop\":[1]", "stop")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\"}", "response_format.json_schema")]
    public void ReadRequest_Wrong_NamesTheMember(string members, string param) =>
        Assert.Equal(param, Assert.Throws<RequestFormatException>(() => Read(members)).Param);

    [Fact]
    public void ReadRequest_PathModelAndStream_AreKept()
    {
        var request = CodecRig.ReadRequest(Codec, """{"messages":[{"role":"user","content":"hi"}]}""", new RequestFacts { Model = "deployment", Stream = true });
        Assert.Equal("deployment", request.Model);
        Assert.True(request.Stream);
    }

    [Fact]
    public void ReadRequest_ReasoningDetails_KeepPlaceVendorAndSignature()
    {
        var request = History("""
            [{"role":"user","content":"hi"},
             {"role":"assistant","content":"Let me see.","reasoning_content":"ab","reasoning_details":[
               {"type":"reasoning.text","text":"a","signature":"s1","format":"anthropic-claude-v1","index":0},
               {"type":"reasoning.encrypted","data":"closed","format":"anthropic-claude-v1","index":1},
               {"type":"reasoning.text","text":"b","signature":"s2","format":"anthropic-claude-v1","index":2,"position":1}],
              "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":""}}]}]
            """);
        var parts = request.Messages[1].Parts;
        Assert.Collection(
            parts,
            p => Assert.Equal(("a", "s1", ReasoningOrigin.Anthropic), Reasoning(p)),
            p => Assert.Equal("closed", Assert.IsType<ReasoningPart>(p).Encrypted),
            p => Assert.Equal("Let me see.", Assert.IsType<TextPart>(p).Text),
            p => Assert.Equal(("b", "s2", ReasoningOrigin.Anthropic), Reasoning(p)),
            p => Assert.Equal("c1", Assert.IsType<ToolCallPart>(p).Id));
    }

    [Fact]
    public void ReadRequest_DetailsLinedUpByTheClient_AreJoined()
    {
        var request = History("""
            [{"role":"assistant","content":"x","reasoning_details":[
               {"type":"reasoning.text","text":"one ","format":"anthropic-claude-v1","index":0},
               {"type":"reasoning.text","text":"two","index":0},
               {"type":"reasoning.text","signature":"s","index":0},
               {"type":"reasoning.text","text":"three","signature":"t","format":"anthropic-claude-v1","index":1}]}]
            """);
        Assert.Equal(("one two", "s", ReasoningOrigin.Anthropic), Reasoning(request.Messages[0].Parts[0]));
        Assert.Equal(("three", "t", ReasoningOrigin.Anthropic), Reasoning(request.Messages[0].Parts[1]));
    }

    [Fact]
    public void ReadRequest_ThinkingBlocks_AreReasoning()
    {
        var request = History("""
            [{"role":"assistant","content":"x","reasoning_content":"why","thinking_blocks":[{"type":"thinking","thinking":"why","signature":"s"},{"type":"redacted_thinking","data":"d"}]}]
            """);
        Assert.Equal(("why", "s", ReasoningOrigin.Anthropic), Reasoning(request.Messages[0].Parts[0]));
        Assert.Equal("d", Assert.IsType<ReasoningPart>(request.Messages[0].Parts[1]).Encrypted);
    }

    [Fact]
    public void ReadRequest_GoogleSignature_StandsBeforeItsCall()
    {
        var request = History("""
            [{"role":"assistant","content":null,
              "reasoning_details":[{"type":"reasoning.encrypted","data":"sig","format":"google-gemini-v1","id":"c2","index":0}],
              "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"own"}}},
                            {"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]}]
            """);
        Assert.Collection(
            request.Messages[0].Parts,
            p => Assert.Equal(("", "own", ReasoningOrigin.Gemini), Reasoning(p)),
            p => Assert.Equal("c1", Assert.IsType<ToolCallPart>(p).Id),
            p => Assert.Equal(("", "sig", ReasoningOrigin.Gemini), Reasoning(p)),
            p => Assert.Equal("c2", Assert.IsType<ToolCallPart>(p).Id));
    }

    private static (string Text, string? Signature, ReasoningOrigin Origin) Reasoning(ContentPart part)
    {
        var reasoning = Assert.IsType<ReasoningPart>(part);
        return (reasoning.Text, reasoning.Signature, reasoning.Origin);
    }

    [Theory]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}", true, null, 2000L, false)]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"}", null, null, null, true)]
    [InlineData("\"thinking\":{\"type\":\"disabled\"}", false, null, null, false)]
    [InlineData("\"reasoning\":{\"effort\":\"low\",\"max_tokens\":100,\"enabled\":true}", true, "low", 100L, false)]
    [InlineData("\"reasoning_effort\":\"none\"", null, "none", null, false)]
    public void ReadRequest_ReasoningSettings_InEveryForm(string members, bool? enabled, string? effort, long? budget, bool adaptive)
    {
        var settings = Read(members).Reasoning!;
        Assert.Equal((enabled, effort, budget, adaptive), (settings.Enabled, settings.Effort, settings.BudgetTokens, settings.Adaptive));
    }

    [Fact]
    public void Legacy_FunctionsAndTheirHistory_BecomeToolsAndAreAnsweredAsFunctions()
    {
        var request = Read("""
            "messages":[{"role":"user","content":"hi"},
              {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{\"a\":1}"}},
              {"role":"function","name":"f","content":"42"}],
            "functions":[{"name":"f","parameters":{"type":"object"}}],"function_call":{"name":"f"}
            """);
        Assert.Equal("f", Assert.Single(request.Tools).Name);
        Assert.Equal(ToolChoiceMode.Named, request.ToolChoice!.Mode);
        var call = Assert.IsType<ToolCallPart>(request.Messages[1].Parts[0]);
        Assert.Equal(call.Id, Assert.IsType<ToolResultPart>(request.Messages[2].Parts[0]).CallId);

        var dropped = new DroppedMembers();
        dropped.AddForeign(request.Extras, Operation.Messages);
        Assert.Empty(dropped.Paths);

        var reply = new ChatReply { Choices = { new ChatChoice { Finish = FinishReason.ToolCalls, Parts = { new ToolCallPart { Id = "x", Name = "f", Arguments = "" } } } } };
        var written = CodecRig.WriteReply(Codec, reply, CodecRig.Envelope(request));
        Assert.Contains("\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}", written, StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"function_call\"", written, StringComparison.Ordinal);
        Assert.DoesNotContain("tool_calls", written, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadRequest_UnknownMembersEverywhere_AreKeptWithTheirPlace()
    {
        var request = Read("""
            "messages":[{"role":"user","content":[{"type":"text","text":"hi","mood":"good"},{"type":"hologram","x":1}],"color":"red"}],
            "tools":[{"type":"function","function":{"name":"f","deferred":true},"kind":1},{"type":"custom","custom":{"name":"c"}},{"type":"web_search"}],
            "safetySettings":[]
            """);
        var dropped = new DroppedMembers();
        dropped.AddForeign(request.Extras, Operation.Messages);
        dropped.AddForeign(request.Messages[0].Extras, Operation.Messages);
        dropped.AddForeign(request.Messages[0].Parts[0].Extras!, Operation.Messages);
        dropped.AddForeign([Assert.IsType<OpaquePart>(request.Messages[0].Parts[1]).Whole], Operation.Messages);
        dropped.AddForeign(request.Tools[0].Extras!, Operation.Messages);
        dropped.AddForeign(request.Tools.Skip(1).Select(t => t.Native!), Operation.Messages);
        Assert.Equal(
            [
                "safetySettings", "messages[0].color", "messages[0].content[0].mood", "messages[0].content[1] (hologram)",
                "tools[0].kind", "tools[0].function.deferred", "tools[1] (custom)", "tools[2] (web_search)",
            ],
            dropped.Paths);
        Assert.Equal("c", request.Tools[1].Name);

        var (body, none) = CodecRig.WriteRequest(Codec, request);
        Assert.Empty(none.Paths);
        foreach (var member in (string[])["\"mood\":\"good\"", "{\"type\":\"hologram\",\"x\":1}", "\"color\":\"red\"", "\"deferred\":true", "\"kind\":1", "{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}", "\"safetySettings\":[]"])
            Assert.Contains(member, body, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadRequest_EchoedReply_SaysNothingTwice()
    {
        var request = History("""
            [{"role":"assistant","content":"x","refusal":null,"annotations":[],"audio":null,"function_call":null,"tool_calls":[]}]
            """);
        Assert.Equal("x", Assert.IsType<TextPart>(Assert.Single(request.Messages[0].Parts)).Text);
        Assert.Empty(request.Messages[0].Extras);
    }

    [Fact]
    public void ReadRequest_LoneSurrogates_Survive()
    {
        var request = History("""[{"role":"user","content":"half \ud83d of it"}]""");
        var (body, _) = CodecRig.WriteRequest(Codec, request);
        Assert.Contains("half \\ud83d of it", body, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadRequest_CacheMarks_OfBothKinds()
    {
        var request = History("""
            [{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}},{"type":"text","text":"b","prompt_cache_breakpoint":{"mode":"explicit"}}]}]
            """);
        Assert.Equal("1h", request.Messages[0].Parts[0].Cache!.Ttl);
        Assert.Null(request.Messages[0].Parts[1].Cache!.Ttl);
        Assert.Contains("prompt_cache_breakpoint", CodecRig.WriteRequest(Codec, request, CodecRig.Target("gpt-5.6", "openai")).Body, StringComparison.Ordinal);
        var (_, dropped) = CodecRig.WriteRequest(Codec, request, CodecRig.Target("gpt-4o", "openai"));
        Assert.Equal(["messages[0].content[0].cache_control", "messages[0].content[1].cache_control"], dropped.Paths);
    }

    [Fact]
    public void StrictSchema_OnlyWhatOpenAiTakes()
    {
        Assert.True(StrictSchema.Accepts(new RawJson("""{"type":"object","properties":{"a":{"type":["string","null"]}},"required":["a"],"additionalProperties":false}"""u8.ToArray())));
        Assert.False(StrictSchema.Accepts(new RawJson("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"""u8.ToArray())));
        Assert.False(StrictSchema.Accepts(new RawJson("""{"type":"object","properties":{},"required":[]}"""u8.ToArray())));
        Assert.False(StrictSchema.Accepts(new RawJson("""{"anyOf":[{"type":"object"}]}"""u8.ToArray())));
    }
}
