using CsCheck;
using Gateway.Dialects;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using static Gateway.Tests.Dialects.BedrockConverse.ConverseRig;

namespace Gateway.Tests.Dialects.BedrockConverse;

/// <summary>How models are told to think, and what becomes of what they thought.</summary>
public class ConverseThinkingTests
{
    private const string Budget = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    private const string Adaptive = "anthropic.claude-opus-4-7";
    private const string Nova = "us.amazon.nova-2-lite-v1:0";

    [Theory]
    [InlineData(Budget, "low", null, """{"thinking":{"type":"enabled","budget_tokens":2048}}""", null, "")]
    [InlineData(Budget, "high", 4000L, """{"thinking":{"type":"enabled","budget_tokens":3000}}""", null, "")]
    [InlineData(Budget, "high", 1000L, null, null, "reasoning_effort (max_tokens leaves no room for it)")]
    [InlineData(Budget, "none", null, null, null, "")]
    [InlineData(Claude, "xhigh", null, """{"thinking":{"type":"adaptive"}}""", "max", "")]
    [InlineData(Adaptive, "xhigh", null, """{"thinking":{"type":"adaptive"}}""", "xhigh", "")]
    [InlineData(Adaptive, "minimal", null, """{"thinking":{"type":"adaptive"}}""", "low", "")]
    [InlineData("anthropic.claude-3-haiku-20240307-v1:0", "low", null, null, null, "reasoning_effort")]
    [InlineData(Nova, "medium", null, """{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"}}""", null, "")]
    [InlineData(Nova, "high", 100L, """{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"medium"}}""", null, "reasoning_effort (medium, because max_tokens is set)")]
    [InlineData("amazon.nova-pro-v1:0", "high", null, null, null, "reasoning_effort")]
    [InlineData("openai.gpt-oss-120b-1:0", "xhigh", null, """{"reasoning_effort":"high"}""", null, "reasoning_effort (high)")]
    [InlineData("openai.gpt-oss-20b-1:0", "low", null, """{"reasoning_effort":"low"}""", null, "")]
    [InlineData("deepseek.v3.2", "high", null, """{"reasoning_effort":"high"}""", null, "")]
    [InlineData("us.deepseek.r1-v1:0", "high", null, null, null, "reasoning_effort")]
    [InlineData("meta.llama3-1-70b-instruct-v1:0", "high", null, null, null, "reasoning_effort")]
    public void Effort_IsSaidInTheFamilysWords(string model, string effort, long? most, string? fields, string? outputEffort, string reported)
    {
        var request = Ask();
        request.Reasoning = new ReasoningSettings { Effort = effort };
        request.MaxOutputTokens = most;
        var (body, dropped) = Write(request, model);
        Assert.Equal(fields, body["additionalModelRequestFields"]?.ToJsonString());
        Assert.Equal(outputEffort, (string?)body["outputConfig"]?["effort"]);
        Assert.Equal(reported, string.Join(',', dropped.Paths));
    }

    [Theory]
    [InlineData(Budget, 5000L, 3000L, """{"thinking":{"type":"enabled","budget_tokens":2999}}""", "thinking.budget_tokens (limited to 2999)")]
    [InlineData(Claude, 5000L, 8000L, """{"thinking":{"type":"enabled","budget_tokens":5000}}""", "")]
    [InlineData(Adaptive, 5000L, null, """{"thinking":{"type":"adaptive"}}""", "thinking.budget_tokens")]
    [InlineData(Nova, 1500L, null, """{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}}""", "")]
    public void Budget_IsSaidInTheFamilysWords(string model, long budget, long? most, string fields, string reported)
    {
        var request = Ask();
        request.Reasoning = new ReasoningSettings { Enabled = true, BudgetTokens = budget };
        request.MaxOutputTokens = most;
        var (body, dropped) = Write(request, model);
        Assert.Equal(fields, body["additionalModelRequestFields"]?.ToJsonString());
        Assert.Equal(reported, string.Join(',', dropped.Paths));
    }

    [Fact]
    public void Thinking_ExcludesSamplingAndForcedTools()
    {
        var request = Ask();
        request.Reasoning = new ReasoningSettings { Enabled = true, BudgetTokens = 2000 };
        (request.Temperature, request.TopP, request.TopK) = (0.2, 0.5, 3);
        request.Tools.Add(Tool("f"));
        request.ToolChoice = new ToolChoice(ToolChoiceMode.Required);
        var (body, dropped) = Write(request, Budget);
        Assert.Null(body["inferenceConfig"]);
        Assert.Equal("""{"auto":{}}""", body["toolConfig"]!["toolChoice"]!.ToJsonString());
        Assert.Equal(["temperature", "top_p", "top_k", "tool_choice (auto, because the model reasons)"], dropped.Paths);
    }

    [Fact]
    public void Thinking_SwitchedOff_IsSaidWhereItCanBe()
    {
        var request = Ask();
        request.Reasoning = new ReasoningSettings { Enabled = false };
        Assert.Equal("""{"thinking":{"type":"disabled"}}""", Write(request, Budget).Body["additionalModelRequestFields"]!.ToJsonString());
        Assert.Null(Write(request, Adaptive).Body["additionalModelRequestFields"]);
        Assert.Empty(Write(request, "meta.llama3-70b-instruct-v1:0").Dropped.Paths);
    }

    [Fact]
    public void Reasoning_OfThreeTurns_SurvivesUntouched()
    {
        var golden = Golden("thinking-tools.request.json");
        var request = Read(golden);
        Assert.All(request.Messages.SelectMany(message => message.Parts).OfType<ReasoningPart>(), part => Assert.Equal(ReasoningOrigin.Anthropic, part.Origin));
        AssertSame(golden, CodecRig.WriteRequest(Codec, request, Target()).Body);
    }

    [Fact]
    public void Reasoning_OfThreeTurns_RandomSignatures_SurviveUntouched()
    {
        var text = Gen.String.Select(s => "t" + s);
        var signature = Gen.Byte.Array[1, 60].Select(Convert.ToBase64String);
        var turn = Gen.Select(text, signature, Gen.Bool, Gen.Int[1, 3]);
        turn.Array[3].Sample(turns =>
        {
            var request = new ChatRequest();
            request.Tools.Add(Tool("f"));
            var call = 0;
            foreach (var (thought, sign, redacted, calls) in turns)
            {
                List<ContentPart> parts =
                [
                    redacted ? new ReasoningPart { Encrypted = sign, Origin = ReasoningOrigin.Anthropic } : new ReasoningPart { Text = thought, Signature = sign, Origin = ReasoningOrigin.Anthropic },
                ];
                List<ContentPart> results = [];
                for (var i = 0; i < calls; i++, call++)
                {
                    parts.Add(Call($"toolu_{call}", "f", $$"""{"n":{{call}}}"""));
                    results.Add(Result($"toolu_{call}", thought));
                }

                if (request.Messages.Count == 0)
                    request.Messages.Add(new ChatMessage { Role = ChatRole.User, Parts = [new TextPart("Begin.")] });
                request.Messages.Add(new ChatMessage { Role = ChatRole.Assistant, Parts = parts });
                request.Messages.Add(new ChatMessage { Role = ChatRole.Tool, Parts = results });
            }

            var (body, dropped) = CodecRig.WriteRequest(Codec, request, Target());
            return dropped.Paths.Count == 0 && Dump(Read(body).Messages) == Dump(request.Messages);
        });
    }

    [Fact]
    public void Reasoning_OfOthers_IsLeftOutAndReported()
    {
        var request = Request(
            (ChatRole.User, [new TextPart("Hi")]),
            (ChatRole.Assistant,
            [
                new ReasoningPart { Text = "g", Signature = "s", Origin = ReasoningOrigin.Gemini },
                new ReasoningPart { Text = "p", Origin = ReasoningOrigin.Plain },
                new ReasoningPart { Encrypted = "e", Origin = ReasoningOrigin.OpenAi },
                new ReasoningPart { Text = "unsigned", Origin = ReasoningOrigin.Anthropic },
                new TextPart("Hello"),
            ]));
        var (body, dropped) = Write(request);
        Assert.Equal("""[{"text":"Hello"}]""", body["messages"]![1]!["content"]!.ToJsonString());
        Assert.Equal(["messages[1].reasoning"], dropped.Paths);
    }

    [Fact]
    public void Reasoning_OfAnthropic_IsNotSentToAnotherVendor()
    {
        var request = Request((ChatRole.User, [new TextPart("Hi")]), (ChatRole.Assistant, [new ReasoningPart { Text = "t", Signature = "s", Origin = ReasoningOrigin.Anthropic }, new TextPart("Hello")]));
        var (body, dropped) = Write(request, "amazon.nova-pro-v1:0");
        Assert.DoesNotContain("reasoningContent", body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["messages[1].reasoning"], dropped.Paths);
    }

    public static TheoryData<string, string?, string?, string?, string> Foreign => new()
    {
        { "thought", "c2ln", null, "Gemini", "thought" },
        { "", "c2ln", null, "Gemini", "" },
        { "summary", null, "ZW5j", "OpenAi", "summary" },
        { "", null, "ZW5j", "OpenAi", "" },
        { "plain", null, null, "Plain", "plain" },
        { "", null, "not base64!", "Anthropic", "" },
        { "mine", "c2ln", null, "Anthropic", "mine" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Reasoning_ThroughAClientOfThisWire_ComesBackAsItWas(string text, string? signature, string? encrypted, string? origin, string expected)
    {
        var part = new ReasoningPart { Text = text, Signature = signature, Encrypted = encrypted, Origin = Enum.Parse<ReasoningOrigin>(origin!) };
        var reply = new ChatReply();
        reply.Choices.Add(new ChatChoice());
        reply.Choices[0].Parts.Add(part);
        var written = System.Text.Json.Nodes.JsonNode.Parse(CodecRig.WriteReply(Codec, reply))!["output"]!["message"]!.ToJsonString();

        var back = Assert.IsType<ReasoningPart>(Assert.Single(Read($$"""{"messages":[{{written}}]}""").Messages[0].Parts));

        Assert.Equal((expected, signature, encrypted, part.Origin), (back.Text, back.Signature, back.Encrypted, back.Origin));
    }
}
