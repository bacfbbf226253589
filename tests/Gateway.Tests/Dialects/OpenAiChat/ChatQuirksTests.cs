using System.Text.Json;
using Gateway.Dialects.OpenAiChat;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Dialects.OpenAiChat;

public class ChatQuirksTests
{
    private static readonly OpenAiChatCodec Codec = new();

    private static ChatRequest Request(params ChatMessage[] turns)
    {
        var request = new ChatRequest();
        request.Messages.AddRange(turns.Length > 0 ? turns : [User("hi")]);
        return request;
    }

    private static ChatMessage User(string text) => new() { Role = ChatRole.User, Parts = [new TextPart(text)] };

    private static (JsonElement Body, IReadOnlyList<string> Dropped) Write(ChatRequest request, string kind, string model = "m", ReasoningOrigin vendor = default)
    {
        var (body, dropped) = CodecRig.WriteRequest(Codec, request, CodecRig.Target(model, kind, vendor));
        using var document = JsonDocument.Parse(body);
        return (document.RootElement.Clone(), dropped.Paths);
    }

    private static ToolDefinition Tool(string name = "f", string schema = """{"type":"object","properties":{}}""") =>
        new() { Name = name, Parameters = new RawJson(System.Text.Encoding.UTF8.GetBytes(schema)) };

    [Fact]
    public void Mistral_RequiredIsAny_IdsHaveNineCharacters_NoStreamOptions()
    {
        var request = Request(
            User("hi"),
            new ChatMessage { Role = ChatRole.Assistant, Parts = [new ToolCallPart { Id = "toolu_01ABCDEF", Name = "f", Arguments = "" }, new ToolCallPart { Id = "abc123XYZ", Name = "f", Arguments = "" }] },
            new ChatMessage { Role = ChatRole.Tool, Parts = [new ToolResultPart { CallId = "toolu_01ABCDEF", Content = [new TextPart("1")] }] });
        request.Tools.Add(Tool());
        request.ToolChoice = new ToolChoice(ToolChoiceMode.Required);
        request.Stream = true;
        request.Seed = 7;
        request.Temperature = 2;
        request.Store = true;
        var (body, dropped) = Write(request, "mistral");
        Assert.Equal("any", body.GetProperty("tool_choice").GetString());
        Assert.False(body.TryGetProperty("stream_options", out _));
        Assert.Equal(7, body.GetProperty("random_seed").GetInt32());
        Assert.Equal(1.5, body.GetProperty("temperature").GetDouble());
        var calls = body.GetProperty("messages")[1].GetProperty("tool_calls");
        Assert.Matches("^[a-zA-Z0-9]{9}$", calls[0].GetProperty("id").GetString());
        Assert.Equal("abc123XYZ", calls[1].GetProperty("id").GetString());
        Assert.Equal(calls[0].GetProperty("id").GetString(), body.GetProperty("messages")[2].GetProperty("tool_call_id").GetString());
        Assert.Equal(["temperature (clamped to 1.5)", "store"], dropped);
    }

    [Theory]
    [InlineData("openai", "gpt-4o", "max_completion_tokens")]
    [InlineData("azure", "my-deployment", "max_tokens")]
    [InlineData("azure", "gpt-5", "max_completion_tokens")]
    [InlineData("deepseek", "deepseek-chat", "max_tokens")]
    [InlineData("xai", "grok-4", "max_completion_tokens")]
    [InlineData("custom", "m", "max_tokens")]
    public void MaxTokens_HasTheProvidersName(string kind, string model, string name)
    {
        var request = Request();
        request.MaxOutputTokens = 9;
        Assert.Equal(9, Write(request, kind, model).Body.GetProperty(name).GetInt32());
    }

    [Fact]
    public void OpenAi_ReasoningModels_GetNoSampling()
    {
        var request = Request();
        (request.Temperature, request.TopP, request.Logprobs) = (0.5, 0.9, true);
        request.Stop.Add("x");
        Assert.Equal(["temperature", "top_p", "stop", "logprobs"], Write(request, "openai", "gpt-5").Dropped);
        Assert.Empty(Write(request, "openai", "gpt-4o").Dropped);
        request.Reasoning = new ReasoningSettings { Effort = "none" };
        Assert.Empty(Write(request, "openai", "gpt-5.1").Dropped);
    }

    [Fact]
    public void Reasoning_IsSaidInEachProvidersWords()
    {
        var high = Request();
        high.Reasoning = new ReasoningSettings { Effort = "high" };
        var off = Request();
        off.Reasoning = new ReasoningSettings { Enabled = false };
        var budget = Request();
        budget.Reasoning = new ReasoningSettings { Enabled = true, BudgetTokens = 2048 };

        Assert.Equal("high", Write(high, "openai", "o3").Body.GetProperty("reasoning_effort").GetString());
        Assert.Equal("""{"effort":"high"}""", Write(high, "openrouter").Body.GetProperty("reasoning").GetRawText());
        Assert.Equal("""{"max_tokens":2048,"enabled":true}""", Write(budget, "openrouter").Body.GetProperty("reasoning").GetRawText());
        Assert.Equal("""{"type":"enabled"}""", Write(high, "deepseek").Body.GetProperty("thinking").GetRawText());
        Assert.Equal("high", Write(high, "deepseek").Body.GetProperty("reasoning_effort").GetString());
        Assert.Equal("""{"type":"disabled"}""", Write(off, "zai").Body.GetProperty("thinking").GetRawText());
        Assert.True(Write(budget, "alibaba").Body.GetProperty("enable_thinking").GetBoolean());
        Assert.Equal(2048, Write(budget, "alibaba").Body.GetProperty("thinking_budget").GetInt32());
        Assert.Equal("none", Write(off, "mistral").Body.GetProperty("reasoning_effort").GetString());
        Assert.Equal("low", Write(budget, "groq").Body.GetProperty("reasoning_effort").GetString());
        Assert.Equal("""{"type":"enabled","budget_tokens":2048}""", Write(budget, "databricks", vendor: ReasoningOrigin.Anthropic).Body.GetProperty("thinking").GetRawText());
        Assert.Equal(["reasoning_effort"], Write(high, "xai", "grok-4").Dropped);
    }

    [Fact]
    public void Deepseek_ReasoningGoesBack_ButNotToR1_AndAlwaysToV4()
    {
        var turn = new ChatMessage { Role = ChatRole.Assistant, Parts = [new ReasoningPart { Text = "why", Origin = ReasoningOrigin.Plain }, new ToolCallPart { Id = "1", Name = "f", Arguments = "{}" }] };
        Assert.Equal("why", Write(Request(turn), "deepseek").Body.GetProperty("messages")[0].GetProperty("reasoning_content").GetString());
        var (r1, dropped) = Write(Request(turn), "deepseek", "deepseek-reasoner");
        Assert.False(r1.GetProperty("messages")[0].TryGetProperty("reasoning_content", out _));
        Assert.Equal(["messages[0].reasoning"], dropped);
        var silent = new ChatMessage { Role = ChatRole.Assistant, Parts = [new TextPart("x")] };
        Assert.Equal("", Write(Request(silent), "deepseek", "deepseek-v4").Body.GetProperty("messages")[0].GetProperty("reasoning_content").GetString());
    }

    [Fact]
    public void ForeignReasoning_IsLeftOutAndNamed()
    {
        var turn = new ChatMessage { Role = ChatRole.Assistant, Parts = [new ReasoningPart { Text = "why", Signature = "s", Origin = ReasoningOrigin.Anthropic }, new TextPart("x")] };
        Assert.Equal(["messages[0].reasoning"], Write(Request(turn), "openai").Dropped);
        Assert.Equal(["messages[0].reasoning"], Write(Request(turn), "openrouter", vendor: ReasoningOrigin.Gemini).Dropped);
        var (body, dropped) = Write(Request(turn), "openrouter", vendor: ReasoningOrigin.Anthropic);
        Assert.Empty(dropped);
        Assert.Equal("s", body.GetProperty("messages")[0].GetProperty("reasoning_details")[0].GetProperty("signature").GetString());
        var parts = Write(Request(turn), "databricks", vendor: ReasoningOrigin.Anthropic).Body.GetProperty("messages")[0].GetProperty("content");
        Assert.Equal("reasoning", parts[0].GetProperty("type").GetString());
        Assert.Equal("text", parts[1].GetProperty("type").GetString());
    }

    [Fact]
    public void Gemini_SignaturesStandOnTheCalls()
    {
        var turn = new ChatMessage
        {
            Role = ChatRole.Assistant,
            Parts = [new ReasoningPart { Signature = "sig", Origin = ReasoningOrigin.Gemini }, new ToolCallPart { Id = "1", Name = "f", Arguments = "{}" }],
        };
        var call = Write(Request(turn), "gemini", vendor: ReasoningOrigin.Gemini).Body.GetProperty("messages")[0].GetProperty("tool_calls")[0];
        Assert.Equal("sig", call.GetProperty("extra_content").GetProperty("google").GetProperty("thought_signature").GetString());
    }

    [Fact]
    public void Xai_ToolSchemasAreOpen_ButPropertiesOfThatNameStay()
    {
        var request = Request();
        request.Tools.Add(Tool(schema: """{"type":"object","properties":{"additionalProperties":{"type":"object","additionalProperties":false}},"additionalProperties":false}"""));
        Assert.Equal(
            """{"type":"object","properties":{"additionalProperties":{"type":"object"}}}""",
            Write(request, "xai").Body.GetProperty("tools")[0].GetProperty("function").GetProperty("parameters").GetRawText());
    }

    [Fact]
    public void Moonshot_ReferencesAreInlined_UnlessTheyRecur()
    {
        var request = Request();
        request.Tools.Add(Tool(schema: """{"$schema":"x","type":"object","properties":{"a":{"$ref":"#/$defs/a"},"b":{"type":"string","anyOf":[{"minLength":1}]}},"$defs":{"a":{"type":"integer"}}}"""));
        Assert.Equal(
            """{"type":"object","properties":{"a":{"type":"integer"},"b":{"anyOf":[{"minLength":1,"type":"string"}]}}}""",
            Write(request, "moonshot").Body.GetProperty("tools")[0].GetProperty("function").GetProperty("parameters").GetRawText());
        request.Tools[0] = Tool(schema: """{"type":"object","properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"type":"object","properties":{"a":{"$ref":"#/$defs/a"}}}}}""");
        Assert.Contains("$defs", Write(request, "moonshot").Body.GetProperty("tools")[0].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void JsonSchema_WhereUnknown_BecomesJsonObjectAndAnInstruction()
    {
        var request = Request(new ChatMessage { Role = ChatRole.System, Parts = [new TextPart("be brief")] }, User("hi"));
        request.Format = new ResponseFormat { Schema = new RawJson("""{"type":"object"}"""u8.ToArray()), Name = "x" };
        var (body, _) = Write(request, "deepseek");
        Assert.Equal("json_object", body.GetProperty("response_format").GetProperty("type").GetString());
        Assert.Equal("system", body.GetProperty("messages")[1].GetProperty("role").GetString());
        Assert.Contains("""{"type":"object"}""", body.GetProperty("messages")[1].GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal("json_schema", Write(request, "groq").Body.GetProperty("response_format").GetProperty("type").GetString());
    }

    [Fact]
    public void JsonObject_WithoutTheWord_GetsIt()
    {
        var request = Request();
        request.Format = new ResponseFormat();
        Assert.Equal(2, Write(request, "openai").Body.GetProperty("messages").GetArrayLength());
        request.Messages[0] = User("as json, please");
        Assert.Equal(1, Write(request, "openai").Body.GetProperty("messages").GetArrayLength());
        Assert.Equal("json_schema", Write(request, "lmstudio").Body.GetProperty("response_format").GetProperty("type").GetString());
    }

    [Fact]
    public void StrictTool_OutsideTheSubset_IsNotStrict()
    {
        var request = Request();
        request.Tools.Add(new ToolDefinition { Name = "f", Parameters = new RawJson("""{"type":"object","properties":{"a":{}}}"""u8.ToArray()), Strict = true });
        var (body, dropped) = Write(request, "openai");
        Assert.False(body.GetProperty("tools")[0].GetProperty("function").GetProperty("strict").GetBoolean());
        Assert.Equal(["tools[0].function.strict"], dropped);
    }

    [Fact]
    public void ToolResults_BecomeOneMessageEach_AndTheirImagesFollow()
    {
        var image = new ImagePart(new MediaSource { Data = "aW1n", MediaType = "image/png" });
        var request = Request(
            new ChatMessage { Role = ChatRole.Assistant, Parts = [new ToolCallPart { Id = "1", Name = "f", Arguments = "" }, new ToolCallPart { Id = "2", Name = "g", Arguments = "" }] },
            new ChatMessage
            {
                Role = ChatRole.Tool,
                Parts = [new ToolResultPart { CallId = "1", Content = [new TextPart("seen"), image] }, new ToolResultPart { CallId = "2", Content = [], IsError = true }],
            },
            User("so?"));
        var (body, dropped) = Write(request, "openai");
        var roles = body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("role").GetString());
        Assert.Equal(["assistant", "tool", "tool", "user", "user"], roles);
        Assert.Equal("{}", body.GetProperty("messages")[0].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal("image_url", body.GetProperty("messages")[3].GetProperty("content")[1].GetProperty("type").GetString());
        Assert.Equal(["messages[1] (is_error)"], dropped);
    }

    [Fact]
    public void CallsWithoutIds_GetTheSameOnesAsTheirResults()
    {
        var request = Request(
            new ChatMessage { Role = ChatRole.Assistant, Parts = [new ToolCallPart { Id = "", Name = "f", Arguments = "" }, new ToolCallPart { Id = "", Name = "g", Arguments = "" }] },
            new ChatMessage { Role = ChatRole.Tool, Parts = [new ToolResultPart { CallId = "", Name = "g", Content = [] }, new ToolResultPart { CallId = "", Name = "f", Content = [] }] });
        var messages = Write(request, "openai").Body.GetProperty("messages");
        var calls = messages[0].GetProperty("tool_calls");
        Assert.Equal(calls[1].GetProperty("id").GetString(), messages[1].GetProperty("tool_call_id").GetString());
        Assert.Equal(calls[0].GetProperty("id").GetString(), messages[2].GetProperty("tool_call_id").GetString());
        Assert.NotEqual(calls[0].GetProperty("id").GetString(), calls[1].GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("mistral", "prefix")]
    [InlineData("moonshot", "partial")]
    public void AssistantsTurnThatStandsLast_IsMarkedWhereItMustBe(string kind, string flag)
    {
        var begun = new ChatMessage { Role = ChatRole.Assistant, Parts = [new TextPart("Once upon")] };
        Assert.True(Write(Request(User("a tale"), begun), kind).Body.GetProperty("messages")[1].GetProperty(flag).GetBoolean());
        Assert.False(Write(Request(begun, User("go on")), kind).Body.GetProperty("messages")[0].TryGetProperty(flag, out _));
    }

    [Fact]
    public void Perplexity_TurnsOfOneRoleAreMerged()
    {
        var request = Request(
            new ChatMessage { Role = ChatRole.System, Parts = [new TextPart("a")] },
            new ChatMessage { Role = ChatRole.Developer, Parts = [new TextPart("b")] },
            User("c"),
            User("d"));
        var messages = Write(request, "perplexity").Body.GetProperty("messages");
        Assert.Equal(["system", "user"], messages.EnumerateArray().Select(m => m.GetProperty("role").GetString()));
    }

    [Fact]
    public void Zai_KnowsOnlyAuto()
    {
        var request = Request();
        request.Tools.Add(Tool());
        request.ToolChoice = new ToolChoice(ToolChoiceMode.None);
        Assert.False(Write(request, "zai").Body.TryGetProperty("tools", out _));
        request.ToolChoice = new ToolChoice(ToolChoiceMode.Named, ["f"]);
        Assert.Equal(["tool_choice"], Write(request, "zai").Dropped);
    }

    [Fact]
    public void ChoiceLimitedToSomeTools_WhereItCantBeSaid_LeavesOutTheOthers()
    {
        var request = Request();
        request.Tools.AddRange([Tool("f"), Tool("g")]);
        request.ToolChoice = new ToolChoice(ToolChoiceMode.Named, ["g"]);
        var (named, none) = Write(request, "cohere");
        Assert.Empty(none);
        Assert.Equal("required", named.GetProperty("tool_choice").GetString());
        Assert.Equal("g", Assert.Single(named.GetProperty("tools").EnumerateArray()).GetProperty("function").GetProperty("name").GetString());
        request.ToolChoice = new ToolChoice(ToolChoiceMode.Auto, ["f"]);
        Assert.Single(Write(request, "groq").Body.GetProperty("tools").EnumerateArray());
        Assert.Equal("allowed_tools", Write(request, "openai").Body.GetProperty("tool_choice").GetProperty("type").GetString());
    }

    [Fact]
    public void OpenRouter_GivesOpenAisModelsTheirReasoningBack()
    {
        var turn = new ChatMessage { Role = ChatRole.Assistant, Parts = [new ReasoningPart { Text = "why", Encrypted = "enc", Id = "rs_1", Origin = ReasoningOrigin.OpenAi }, new TextPart("x")] };
        var (body, dropped) = Write(Request(turn), "openrouter", "openai/gpt-5", ReasoningOrigin.Plain);
        Assert.Empty(dropped);
        Assert.Equal("enc", body.GetProperty("messages")[0].GetProperty("reasoning_details")[1].GetProperty("data").GetString());
    }

    [Fact]
    public void Metadata_AtOpenAi_NeedsStore()
    {
        var request = Request();
        request.Metadata = new RawJson("""{"a":"b"}"""u8.ToArray());
        Assert.Equal(["metadata"], Write(request, "openai").Dropped);
        request.Store = true;
        Assert.Empty(Write(request, "openai").Dropped);
    }

    [Fact]
    public void EveryKind_WritesABody()
    {
        var request = Request(
            new ChatMessage { Role = ChatRole.Developer, Parts = [new TextPart("a") { Cache = new CacheMark("1h") }], Name = "n" },
            User("b"));
        request.Tools.Add(Tool());
        request.ToolChoice = new ToolChoice(ToolChoiceMode.Auto, ["f"]);
        request.Format = new ResponseFormat { Schema = new RawJson("""{"type":"object"}"""u8.ToArray()) };
        request.Reasoning = new ReasoningSettings { Adaptive = true };
        (request.Temperature, request.TopP, request.TopK, request.MinP, request.Seed, request.Choices, request.Logprobs, request.TopLogprobs) = (1, 1, 1, 0.1, 1, 2, true, 2);
        (request.User, request.ServiceTier, request.Store, request.PromptCacheKey, request.Verbosity) = ("u", "flex", true, "k", "low");
        foreach (var kind in ChatQuirkTable.ByKind.Keys)
        {
            var (body, _) = Write(request, kind);
            Assert.Equal("m", body.GetProperty("model").GetString());
            Assert.True(ReadsBack(body), kind);
        }

        static bool ReadsBack(JsonElement body) => CodecRig.ReadRequest(Codec, body.GetRawText()).Messages.Count >= 2;
    }
}
