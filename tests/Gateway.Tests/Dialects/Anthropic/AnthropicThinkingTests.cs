using System.Text.Json.Nodes;
using Gateway.Dialects;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using static Gateway.Tests.Dialects.Anthropic.AnthropicRig;

namespace Gateway.Tests.Dialects.Anthropic;

public class AnthropicThinkingTests
{
    [Theory]
    // Models that can't think.
    [InlineData("claude-3-5-sonnet-20241022", "high", null, null)]
    [InlineData("claude-3-haiku-20240307", "high", null, null)]
    [InlineData("anthropic.claude-instant-v1", "high", null, null)]
    // Within a budget.
    [InlineData("claude-3-7-sonnet-latest", "low", """{"type":"enabled","budget_tokens":2048}""", null)]
    [InlineData("claude-sonnet-4-20250514", "minimal", """{"type":"enabled","budget_tokens":1024}""", null)]
    [InlineData("claude-4-opus-20250514", "medium", """{"type":"enabled","budget_tokens":8192}""", null)]
    [InlineData("us.anthropic.claude-opus-4-1-20250805-v1:0", "high", """{"type":"enabled","budget_tokens":16384}""", null)]
    [InlineData("claude-haiku-4-5@20251001", "none", """{"type":"disabled"}""", null)]
    // Adaptively.
    [InlineData("claude-opus-4-6", "xhigh", """{"type":"adaptive"}""", "max")]
    [InlineData("claude-sonnet-4.6", "minimal", """{"type":"adaptive"}""", "low")]
    [InlineData("claude-opus-4-7-20260416", "xhigh", """{"type":"adaptive"}""", "xhigh")]
    [InlineData("claude-opus-4-8", "none", """{"type":"disabled"}""", null)]
    [InlineData("claude-opus-5", "none", """{"type":"disabled"}""", null)]
    [InlineData("claude-haiku-5-5", "none", """{"type":"disabled"}""", null)]
    // Always.
    [InlineData("claude-fable-5", "none", null, "low")]
    [InlineData("claude-mythos-preview", "none", null, "low")]
    [InlineData("claude-opus-5-5", "none", null, "low")]
    [InlineData("claude-sonnet-5-5", "none", """{"type":"between_tools"}""", null)]
    // Others' models.
    [InlineData("kimi-k3", "low", """{"type":"enabled","budget_tokens":2048}""", null)]
    public void Write_Effort_IsSaidAsTheModelTakesIt(string model, string effort, string? thinking, string? written)
    {
        var request = Ask();
        request.Reasoning = new ReasoningSettings { Effort = effort };
        var (body, _) = Write(request, Target(model, max: 64_000));
        AssertSame(thinking is null ? null : JsonNode.Parse(thinking), body["thinking"]);
        Assert.Equal(written, (string?)body["output_config"]?["effort"]);
    }

    [Fact]
    public void Write_ModelThatCantThink_SaysSo()
    {
        var request = Ask();
        request.Reasoning = new ReasoningSettings { Effort = "high" };
        Assert.Equal(["reasoning_effort"], Write(request, Target("claude-3-5-haiku-latest")).Dropped);
        Assert.Equal(["reasoning_effort"], Write(request, Target("some-model", reasons: false)).Dropped);
        request.Reasoning = new ReasoningSettings { Enabled = false };
        Assert.Empty(Write(request, Target("claude-3-5-haiku-latest")).Dropped);
    }

    [Fact]
    public void Write_BudgetNotBelowTheClientsLimit_IsLoweredNotTheLimitRaised()
    {
        var request = Ask();
        request.MaxOutputTokens = 8000;
        request.Reasoning = new ReasoningSettings { Enabled = true, BudgetTokens = 8000 };
        var (body, dropped) = Write(request);
        Assert.Equal(8000, (long)body["max_tokens"]!);
        Assert.Equal(6000, (long)body["thinking"]!["budget_tokens"]!);
        Assert.Equal(["reasoning.budget_tokens (lowered to 6000)"], dropped);
        request.Reasoning = new ReasoningSettings { Effort = "high" };
        (body, dropped) = Write(request);
        Assert.Equal(6000, (long)body["thinking"]!["budget_tokens"]!);
        Assert.Empty(dropped);
    }

    [Fact]
    public void Write_LimitTooSmallToThink_ThinksNot()
    {
        var request = Ask();
        request.MaxOutputTokens = 500;
        request.Reasoning = new ReasoningSettings { Effort = "low" };
        var (body, dropped) = Write(request);
        Assert.Equal("disabled", (string?)body["thinking"]!["type"]);
        Assert.Equal(["reasoning (max_tokens leaves no room for it)"], dropped);
    }

    [Fact]
    public void Write_UnknownLimits_LeaveRoomForTheAnswer()
    {
        var request = Ask();
        request.Reasoning = new ReasoningSettings { Effort = "high" };
        var body = Write(request, Target(max: null)).Body;
        Assert.True((long)body["max_tokens"]! >= (long)body["thinking"]!["budget_tokens"]! + 4096);
    }

    [Fact]
    public void Write_BudgetForAdaptiveModels_IsAnEffort()
    {
        var request = Ask();
        request.Reasoning = new ReasoningSettings { Enabled = true, BudgetTokens = 4000 };
        var (body, dropped) = Write(request, Target("claude-opus-4-7"));
        Assert.Equal("adaptive", (string?)body["thinking"]!["type"]);
        Assert.Equal("medium", (string?)body["output_config"]!["effort"]);
        Assert.Equal(["reasoning.budget_tokens (sent as an effort)"], dropped);
        Assert.Equal("enabled", (string?)Write(request, Target("claude-opus-4-6")).Body["thinking"]!["type"]);
    }

    [Fact]
    public void Write_DynamicBudget_IsTheUsualOrAdaptive()
    {
        var request = Ask();
        request.Reasoning = new ReasoningSettings { BudgetTokens = -1 };
        Assert.Equal(8192, (long)Write(request).Body["thinking"]!["budget_tokens"]!);
        Assert.Equal("adaptive", (string?)Write(request, Target("claude-opus-4-8")).Body["thinking"]!["type"]);
        request.Reasoning = new ReasoningSettings { BudgetTokens = 0 };
        Assert.Equal("disabled", (string?)Write(request).Body["thinking"]!["type"]);
    }

    [Fact]
    public void Write_Thinking_TakesNoSampling()
    {
        var request = Ask();
        (request.Temperature, request.TopK) = (0.2, 5);
        request.Reasoning = new ReasoningSettings { Effort = "low" };
        var (body, dropped) = Write(request);
        Assert.Null(body["temperature"] ?? body["top_k"]);
        Assert.Equal(["temperature", "top_k"], dropped);
        (request.Temperature, request.TopP, request.TopK) = (1, 0.97, null);
        (body, dropped) = Write(request);
        Assert.Equal(0.97, (double)body["top_p"]!);
        Assert.Empty(dropped);
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", nameof(ToolChoiceMode.Required), "auto")]
    [InlineData("claude-sonnet-4-5", nameof(ToolChoiceMode.Named), "auto")]
    [InlineData("claude-opus-4-6", nameof(ToolChoiceMode.Required), "auto")]
    [InlineData("claude-opus-5", nameof(ToolChoiceMode.Required), "any")]
    [InlineData("claude-opus-5-5", nameof(ToolChoiceMode.Named), "auto")]
    public void Write_ForcedToolWhileThinking_IsAutoWhereItIsRefused(string model, string modeName, string expected)
    {
        var request = Ask();
        var mode = Enum.Parse<ToolChoiceMode>(modeName);
        request.Tools.Add(Tool());
        request.ToolChoice = new ToolChoice(mode, mode == ToolChoiceMode.Named ? ["f"] : []);
        request.Reasoning = new ReasoningSettings { Effort = "low" };
        var (body, dropped) = Write(request, Target(model));
        Assert.Equal(expected, (string?)body["tool_choice"]!["type"]);
        Assert.Equal(expected == "auto" ? 1 : 0, dropped.Count);
    }

    [Fact]
    public void Write_ToolLoopThatLostItsThinking_ThinksNot()
    {
        var request = Ask(User("go"), Assistant(Call("a")), Results(Result("a")));
        request.Reasoning = new ReasoningSettings { Enabled = true, BudgetTokens = 2000 };
        var (body, dropped) = Write(request);
        Assert.Equal("disabled", (string?)body["thinking"]!["type"]);
        Assert.Equal(["reasoning"], dropped);
        Assert.Equal("adaptive", (string?)Write(Adaptive(request), Target("claude-opus-4-8")).Body["thinking"]!["type"]);
    }

    [Fact]
    public void Write_TextAfterResults_IsStillTheLoop()
    {
        var request = Ask(User("go"), Assistant(Call("a")), Results(Result("a")), User("hurry"));
        request.Reasoning = new ReasoningSettings { Enabled = true, BudgetTokens = 2000 };
        Assert.Equal("disabled", (string?)Write(request).Body["thinking"]!["type"]);
    }

    [Fact]
    public void Write_LaterQuestion_ThinksAgain()
    {
        var request = Ask(User("go"), Assistant(Call("a")), Results(Result("a")), Assistant(new TextPart("done")), User("next"));
        request.Reasoning = new ReasoningSettings { Enabled = true, BudgetTokens = 2000 };
        Assert.Equal("enabled", (string?)Write(request).Body["thinking"]!["type"]);
    }

    [Fact]
    public void Write_LoopWithItsThinking_GoesOnThinking()
    {
        var thought = new ReasoningPart { Text = "hm", Signature = "sig", Origin = ReasoningOrigin.Anthropic };
        var request = Ask(User("go"), Assistant(new TextPart("Wait."), thought, Call("a")), Results(Result("a")), Assistant(Call("b")), Results(Result("b")));
        request.Reasoning = new ReasoningSettings { Enabled = true, BudgetTokens = 2000 };
        var (body, dropped) = Write(request);
        Assert.Equal("enabled", (string?)body["thinking"]!["type"]);
        Assert.Equal(["thinking", "text", "tool_use"], body["messages"]![1]!["content"]!.AsArray().Select(b => (string)b!["type"]!));
        Assert.Empty(dropped);
    }

    [Theory]
    [InlineData(nameof(ReasoningOrigin.Gemini))]
    [InlineData(nameof(ReasoningOrigin.OpenAi))]
    [InlineData(nameof(ReasoningOrigin.Plain))]
    [InlineData(nameof(ReasoningOrigin.Unknown))]
    public void Write_ForeignReasoning_IsLeftOutAndNamed(string vendor)
    {
        var origin = Enum.Parse<ReasoningOrigin>(vendor);
        var (body, dropped) = Write(Ask(User("a"), Assistant(new ReasoningPart { Text = "hm", Signature = "s", Origin = origin }, new TextPart("b")), User("c")));
        Assert.Equal("b", (string?)body["messages"]![1]!["content"]);
        Assert.Equal(["messages[1].reasoning"], dropped);
    }

    [Fact]
    public void Write_PlainReasoning_GoesToServersThatSignNothing()
    {
        var (body, dropped) = Write(
            Ask(User("a"), Assistant(new ReasoningPart { Text = "hm", Origin = ReasoningOrigin.Plain }, new TextPart("b")), User("c")),
            Target("minimax-m3", kind: "custom", vendor: ReasoningOrigin.Plain));
        AssertSame(JsonNode.Parse("""{"type":"thinking","thinking":"hm","signature":""}"""), body["messages"]![1]!["content"]![0]);
        Assert.Empty(dropped);
    }

    [Fact]
    public void Write_TurnThatEndsWithThinking_LosesIt()
    {
        var (body, dropped) = Write(Ask(
            User("a"), Assistant(new TextPart("b"), new ReasoningPart { Text = "hm", Signature = "s", Origin = ReasoningOrigin.Anthropic }), User("c")));
        Assert.Equal("b", (string?)body["messages"]![1]!["content"]);
        Assert.Equal(["messages[1].reasoning"], dropped);
    }

    [Fact]
    public void Write_EffortAlone_SaysNothingOfThinking()
    {
        var request = CodecRig.ReadRequest(Codec, """{"messages":[{"role":"user","content":"x"}],"output_config":{"effort":"low"}}""");
        var (body, dropped) = Write(request, Target("claude-opus-4-8"));
        Assert.Null(body["thinking"]);
        Assert.Equal("low", (string?)body["output_config"]!["effort"]);
        Assert.Empty(dropped);
    }

    [Fact]
    public void Write_DisabledAboveHigh_LowersTheEffort()
    {
        var request = Ask();
        request.Reasoning = new ReasoningSettings { Enabled = false, Effort = "max" };
        var (body, dropped) = Write(request, Target("claude-opus-5"));
        Assert.Equal("high", (string?)body["output_config"]!["effort"]);
        Assert.Single(dropped);
    }

    [Fact]
    public void Write_FormOfThinkingNotKnownYet_IsSaidAsItCame()
    {
        var request = CodecRig.ReadRequest(Codec, """{"messages":[{"role":"user","content":"x"}],"thinking":{"type":"between_tools","display":"omitted"}}""");
        AssertSame(JsonNode.Parse("""{"type":"between_tools","display":"omitted"}"""), Write(request, Target("claude-sonnet-5-5")).Body["thinking"]);
    }

    [Fact]
    public void Write_SummaryWanted_AsksForThoughtsWhereTheyAreOmitted()
    {
        var request = Ask();
        request.Reasoning = new ReasoningSettings { Effort = "high", Summary = "detailed" };
        Assert.Equal("summarized", (string?)Write(request, Target("claude-opus-4-7")).Body["thinking"]!["display"]);
        Assert.Null(Write(request, Target("claude-opus-4-6")).Body["thinking"]!["display"]);
    }

    [Theory]
    [InlineData(nameof(ReasoningOrigin.Gemini))]
    [InlineData(nameof(ReasoningOrigin.OpenAi))]
    public void Reply_ForeignProof_ComesBackWithTheNextRequest(string vendor)
    {
        var origin = Enum.Parse<ReasoningOrigin>(vendor);
        var isOpenAi = origin == ReasoningOrigin.OpenAi;
        var reply = new ChatReply();
        reply.Choices.Add(new ChatChoice { Finish = FinishReason.Stop });
        reply.Choices[0].Parts.Add(new ReasoningPart { Text = "why", Signature = isOpenAi ? null : "c2ln", Encrypted = isOpenAi ? "gAAA" : null, Id = isOpenAi ? "rs_1" : null, Origin = origin });
        reply.Choices[0].Parts.Add(new ReasoningPart { Signature = isOpenAi ? null : "c2ln", Encrypted = isOpenAi ? "gAAB" : null, Id = isOpenAi ? "rs_2" : null, Origin = origin });
        reply.Choices[0].Parts.Add(Call("call_1"));
        var content = JsonNode.Parse(CodecRig.WriteReply(Codec, reply))!["content"]!;
        var request = CodecRig.ReadRequest(Codec, new JsonObject
        {
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "assistant", ["content"] = content.DeepClone() }),
        }.ToJsonString());
        Assert.Equal(CanonicalDump.Of(reply.Choices[0].Parts), CanonicalDump.Of(request.Messages[0].Parts));
    }

    private static ChatRequest Adaptive(ChatRequest request)
    {
        request.Reasoning = new ReasoningSettings { Enabled = true, Adaptive = true };
        return request;
    }
}
