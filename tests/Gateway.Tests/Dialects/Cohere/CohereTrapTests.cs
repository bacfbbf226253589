using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Dialects;
using Gateway.Dialects.Cohere;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using Gateway.Transport;

namespace Gateway.Tests.Dialects.Cohere;

public class CohereTrapTests
{
    private static readonly CohereCodec Codec = new();

    [Fact]
    public void WriteRequest_OutOfRange_IsClampedAndNamed()
    {
        var request = Asking("hi");
        (request.Temperature, request.TopP, request.FrequencyPenalty, request.Seed, request.TopK) = (1.7, 1, -0.5, -1, 900);
        request.Stop.AddRange(["a", "b", "c", "d", "e", "f"]);
        var (body, dropped) = CodecRig.WriteRequest(Codec, request);
        JsonSame.Assert("""{"model":"test-model","messages":[{"role":"user","content":"hi"}],"stop_sequences":["a","b","c","d","e"],"temperature":1,"frequency_penalty":0,"k":500,"p":0.99}""", body);
        Assert.Equal(["stop (only 5 kept)", "temperature (clamped to 1)", "seed", "frequency_penalty (clamped to 0)", "top_k (clamped)", "top_p (clamped to 0.99)"], dropped.Paths);
    }

    [Fact]
    public void WriteRequest_NamedTool_LeavesOnlyThatToolAndRequiresIt()
    {
        var request = Asking("hi");
        request.Tools.Add(new ToolDefinition { Name = "a" });
        request.Tools.Add(new ToolDefinition { Name = "b", Parameters = RandomChat.Raw("""{"type":"object"}""") });
        request.ToolChoice = new ToolChoice(ToolChoiceMode.Named, ["a"]);
        var body = CodecRig.WriteRequest(Codec, request).Body;
        Assert.Contains("""[{"type":"function","function":{"name":"a","parameters":{"type":"object","properties":{}}}}]""", body, StringComparison.Ordinal);
        Assert.Contains("\"tool_choice\":\"REQUIRED\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteRequest_OneOfTwoToolsStrict_IsNotStrictAndSaysSo()
    {
        var request = Asking("hi");
        request.Tools.Add(new ToolDefinition { Name = "a", Strict = true, Parameters = RandomChat.Raw("""{"type":"object","properties":{"x":{}},"required":["x"]}""") });
        request.Tools.Add(new ToolDefinition { Name = "b", Strict = true });
        var (body, dropped) = CodecRig.WriteRequest(Codec, request);
        Assert.Contains("\"strict_tools\":false", body, StringComparison.Ordinal); // b has nothing required, which strictness demands
        Assert.Equal(["tools[0].function.strict", "tools[1].function.strict"], dropped.Paths);
    }

    [Fact]
    public void WriteRequest_FormatWithTools_IsLeftOutAndNamed()
    {
        var request = Asking("hi");
        request.Tools.Add(new ToolDefinition { Name = "a" });
        request.Format = new ResponseFormat();
        Assert.Contains("response_format (not together with tools)", CodecRig.WriteRequest(Codec, request).Dropped.Paths);
    }

    [Fact]
    public void WriteRequest_SchemaBeyondCohere_IsMadeToFit()
    {
        var request = Asking("hi");
        request.Format = new ResponseFormat
        {
            Name = "x",
            Schema = RandomChat.Raw("""{"type":"object","properties":{"minimum":{"type":"integer","minimum":1},"b":{"oneOf":[{"type":"string","format":"email","pattern":"^a"},{"type":"object","properties":{"c":{}}}]}},"required":["minimum"]}"""),
        };
        var (body, dropped) = CodecRig.WriteRequest(Codec, request);
        using var document = JsonDocument.Parse(body);
        JsonSame.Assert(
            """{"type":"object","properties":{"minimum":{"type":"integer"},"b":{"anyOf":[{"type":"string"},{"type":"object","properties":{"c":{}},"required":["c"]}]}},"required":["minimum"]}""",
            document.RootElement.GetProperty("response_format").GetProperty("json_schema").GetRawText());
        Assert.Equal(["response_format.json_schema.schema (all properties required, oneOf as anyOf, without format, without minimum, without pattern)"], dropped.Paths);
    }

    [Fact]
    public void WriteRequest_TextBeforeCalls_IsThePlan()
    {
        var request = Asking("hi");
        request.Messages.Add(new ChatMessage { Role = ChatRole.Assistant, Parts = [new TextPart("I look."), new ToolCallPart { Id = "", Name = "f", Arguments = "" }] });
        request.Messages.Add(new ChatMessage { Role = ChatRole.Tool, Parts = [new ToolResultPart { CallId = "", Name = "f", Content = [new TextPart("1")] }] });
        Assert.Contains(
            """{"role":"assistant","tool_plan":"I look.","tool_calls":[{"id":"call_1_0","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1_0","content":"1"}""",
            CodecRig.WriteRequest(Codec, request).Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WriteRequest_ResultsWithImages_ShowThemInAUsersTurnAfter()
    {
        var request = Asking("hi");
        var image = new ImagePart(new MediaSource { Data = "AAAA", MediaType = "image/png" });
        request.Messages.Add(new ChatMessage { Role = ChatRole.Tool, Parts = [new ToolResultPart { CallId = "a", Content = [new TextPart("seen"), image] }, new ToolResultPart { CallId = "b", Content = [new TextPart("x")], IsError = true }] });
        var (body, dropped) = CodecRig.WriteRequest(Codec, request);
        Assert.Contains(
            """{"role":"tool","tool_call_id":"a","content":"seen"},{"role":"tool","tool_call_id":"b","content":"x"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}""",
            body,
            StringComparison.Ordinal);
        Assert.Equal(["messages[1].content[1].is_error"], dropped.Paths);
    }

    [Fact]
    public void WriteRequest_ForeignReasoningAndUnsayables_AreNamed()
    {
        var request = Asking("hi");
        (request.Choices, request.TopLogprobs, request.User, request.Store, request.MinP, request.ServiceTier, request.Verbosity, request.ParallelToolCalls, request.PromptCacheKey) =
            (2, 3, "u", false, 0.1, "auto", "low", false, "k");
        request.LogitBias = RandomChat.Raw("{}");
        request.Metadata = RandomChat.Raw("{}");
        request.Extras.Add(new ExtraMember(Operation.ChatCompletions, "web_search_options", "web_search_options", RandomChat.Raw("{}")));
        request.Messages.Add(new ChatMessage { Role = ChatRole.Assistant, Name = "bob", Parts = [new ReasoningPart { Text = "hm", Signature = "s", Origin = ReasoningOrigin.Anthropic }, new TextPart("yes") { Cache = new CacheMark(null) }] });
        var (body, dropped) = CodecRig.WriteRequest(Codec, request);
        Assert.DoesNotContain("hm", body, StringComparison.Ordinal);
        Assert.Equal(
            ["messages[1].reasoning", "messages[1].content[1].cache_control", "messages[1].name", "parallel_tool_calls", "web_search_options", "n", "min_p", "top_logprobs", "logit_bias", "user", "service_tier", "metadata", "store", "prompt_cache_key", "verbosity"],
            dropped.Paths);
    }

    [Fact]
    public void WriteRequest_Audio_IsRefused()
    {
        var request = Asking("hi");
        request.Messages[0].Parts.Add(new AudioPart(new MediaSource { Data = "AA" }) { Format = "wav" });
        Assert.Equal("messages[0].content[1]", Assert.Throws<RequestFormatException>(() => CodecRig.WriteRequest(Codec, request)).Param);
    }

    [Fact]
    public void WriteRequest_TextDocument_BecomesOneOfTheRequestsDocuments()
    {
        var request = Asking("hi");
        request.Messages[0].Parts.Add(new DocumentPart(new MediaSource { MediaType = "text/plain", Data = "R3LDvGV6aQ==" }) { Name = "note" });
        Assert.Contains("\"documents\":[{\"data\":{\"title\":\"note\",\"text\":\"Grüezi\"}}]", CodecRig.WriteRequest(Codec, request).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("low", "{\"type\":\"enabled\",\"token_budget\":2048}")]
    [InlineData("max", "{\"type\":\"enabled\"}")]
    [InlineData("none", "{\"type\":\"disabled\"}")]
    public void WriteRequest_Effort_IsABudget(string effort, string thinking)
    {
        var request = Asking("hi");
        request.Reasoning = new ReasoningSettings { Effort = effort };
        Assert.Contains($"\"thinking\":{thinking}", CodecRig.WriteRequest(Codec, request).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"tokens":{"input_tokens":1661.0,"output_tokens":19.0},"billed_units":{"input_tokens":18,"output_tokens":6},"cached_tokens":640}""", 1661, 19, 640)]
    [InlineData("""{"billed_units":{"input_tokens":18,"output_tokens":6}}""", 18, 6, 0)]
    public void ReadReply_Usage_IsRealTokensNotBilledOnes(string usage, long input, long output, long cached)
    {
        var reply = Codec.ReadReply(Encoding.UTF8.GetBytes("{\"message\":{\"role\":\"assistant\"},\"usage\":" + usage + "}"));
        Assert.Equal(new TokenUsage(input, output, cached), reply!.Usage);
    }

    [Theory]
    [InlineData("COMPLETE", nameof(FinishReason.Stop))]
    [InlineData("STOP_SEQUENCE", nameof(FinishReason.Stop))]
    [InlineData("MAX_TOKENS", nameof(FinishReason.Length))]
    [InlineData("TOOL_CALL", nameof(FinishReason.ToolCalls))]
    [InlineData("ERROR", nameof(FinishReason.Error))]
    [InlineData("TIMEOUT", nameof(FinishReason.Error))]
    public void ReadReply_Finish_IsMapped(string word, string expected) =>
        Assert.Equal(expected, Codec.ReadReply(Encoding.UTF8.GetBytes("{\"message\":{\"role\":\"assistant\"},\"finish_reason\":\"" + word + "\"}"))!.Choices[0].Finish.ToString());

    [Fact]
    public void WriteReply_AnothersCitations_BecomeCoheres()
    {
        var reply = new ChatReply();
        var choice = new ChatChoice();
        choice.Parts.Add(new TextPart("See there.")
        {
            CitationsOrigin = Operation.ChatCompletions,
            Citations = RandomChat.Raw("""[{"type":"url_citation","url_citation":{"start_index":4,"end_index":9,"url":"https://a.example","title":"A"}},{"type":"file_citation"}]"""),
        });
        reply.Choices.Add(choice);
        using var written = JsonDocument.Parse(CodecRig.WriteReply(Codec, reply));
        JsonSame.Assert(
            """[{"start":4,"end":9,"text":"","sources":[{"type":"document","id":"https://a.example","document":{"title":"A","url":"https://a.example"}}],"content_index":0,"type":"TEXT_CONTENT"}]""",
            written.RootElement.GetProperty("message").GetProperty("citations").GetRawText());
    }

    [Fact]
    public void ReadReply_MemberWhoseNameIsNoText_IsNoReplyAndNoCrash()
    {
        Assert.Null(Codec.ReadReply("""{"\ud800":1,"message":{"role":"assistant","content":[]}}"""u8.ToArray()));
        Assert.Throws<RequestFormatException>(() => CodecRig.ReadRequest(Codec, """{"\ud800":1,"messages":[]}"""));
    }

    [Fact]
    public void Tools_MembersOnlyCohereKnows_AreKeptForItAndNamedToOthers()
    {
        var request = CodecRig.ReadRequest(Codec, """{"messages":[],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"},"ttl":5}}]}""");
        Assert.Contains("\"ttl\":5", CodecRig.WriteRequest(Codec, request).Body, StringComparison.Ordinal);
        Assert.Equal("tools[0].function.ttl", request.Tools[0].Extras!.Single().Path);
    }

    [Fact]
    public void WriteRequest_EffortThatSaysNothingOfThinking_IsNamed()
    {
        var request = Asking("hi");
        request.Reasoning = new ReasoningSettings { Effort = "high", EffortOnly = true };
        var (body, dropped) = CodecRig.WriteRequest(Codec, request);
        Assert.DoesNotContain("thinking", body, StringComparison.Ordinal);
        Assert.Equal(["reasoning_effort"], dropped.Paths);
    }

    [Fact]
    public void WriteRequest_CacheMarkInsideAResult_IsNamed()
    {
        var request = Asking("hi");
        request.Messages.Add(new ChatMessage { Role = ChatRole.Tool, Parts = [new ToolResultPart { CallId = "a", Content = [new TextPart("x") { Cache = new CacheMark(null) }] }] });
        Assert.Equal(["messages[1].content[0].content[0].cache_control"], CodecRig.WriteRequest(Codec, request).Dropped.Paths);
    }

    [Theory]
    [InlineData("[]", "invalid_json")]
    [InlineData("{", "invalid_json")]
    [InlineData("{} {}", "invalid_json")]
    [InlineData("{}", "missing_parameter")]
    [InlineData("""{"model":""}""", "invalid_parameter")]
    [InlineData("""{"model":"a","model":"b"}""", "invalid_parameter")]
    [InlineData("""{"model":"a","Model":"b"}""", "invalid_parameter")]
    [InlineData("""{"model":"a","stream":1}""", "invalid_parameter")]
    public void ReadRequest_Bad_SaysWhatIsWrong(string body, string code) =>
        Assert.Equal(code, new CohereDialect().ReadRequest(Encoding.UTF8.GetBytes(body), new RequestFacts())?.Code);

    [Fact]
    public void ReadRequest_Good_FindsModelAndStream()
    {
        var facts = new RequestFacts();
        Assert.Null(new CohereDialect().ReadRequest("""{"messages":[{"model":"x"}], "model" : "command","stream":true}"""u8, facts));
        Assert.Equal(("command", true, 39, 9), (facts.Model, facts.Stream, facts.ModelStart, facts.ModelLength));
    }

    [Theory]
    [InlineData("""{"message":"invalid api token"}""", "invalid api token")]
    [InlineData("""{"id":"x","message":"no","code":"y"}""", "no")]
    [InlineData("<html>", null)]
    [InlineData("[]", null)]
    public void ReadError_Anything_NeverThrows(string body, string? message) =>
        Assert.Equal(message, new CohereDialect().ReadError(Encoding.UTF8.GetBytes(body)).Message);

    [Fact]
    public void WriteStreamError_IsAMessageEndThatReadsAsError()
    {
        var output = new ArrayBufferWriter<byte>();
        new CohereDialect().WriteStreamError(output, new GatewayError(ErrorKinds.StreamCut, "It broke off."), "req");
        var (_, verdicts, decoder) = CodecRig.Decode(Codec, StreamFraming.ServerSentEvents, output.WrittenSpan);
        Assert.Equal([TapVerdict.Error], verdicts);
        Assert.Equal("It broke off.", decoder.Error!.Message);
    }

    [Theory]
    [InlineData("""{"messages":"hi"}""", "messages")]
    [InlineData("""{"messages":[{"role":"robot"}]}""", "messages[0].role")]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}]}""", "messages[0].tool_call_id")]
    [InlineData("""{"messages":[{"role":"user","content":5}]}""", "messages[0].content")]
    [InlineData("""{"messages":[],"temperature":"hot"}""", "temperature")]
    [InlineData("""{"messages":[],"tool_choice":"auto"}""", "tool_choice")]
    public void CodecReadRequest_Bad_NamesTheMember(string body, string param) =>
        Assert.Equal(param, Assert.Throws<RequestFormatException>(() => CodecRig.ReadRequest(Codec, body)).Param);

    private static ChatRequest Asking(string text)
    {
        var request = new ChatRequest();
        request.Messages.Add(new ChatMessage { Role = ChatRole.User, Parts = [new TextPart(text)] });
        return request;
    }
}
