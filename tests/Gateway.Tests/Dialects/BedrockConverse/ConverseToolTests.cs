using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using static Gateway.Tests.Dialects.BedrockConverse.ConverseRig;

namespace Gateway.Tests.Dialects.BedrockConverse;

/// <summary>Tools, their choice, and the form of the answer.</summary>
public class ConverseToolTests
{
    private const string OldClaude = "anthropic.claude-3-5-sonnet-20241022-v2:0";
    private const string Llama = "us.meta.llama4-scout-17b-instruct-v1:0";
    private const string Reserved = "gateway_json_answer";

    [Fact]
    public void None_WithoutCallsInTheHistory_LeavesTheToolsOut()
    {
        var request = Ask();
        request.Tools.Add(Tool("f"));
        request.ToolChoice = new ToolChoice(ToolChoiceMode.None);
        var (body, dropped) = Write(request, Llama);
        Assert.Null(body["toolConfig"]);
        Assert.Empty(dropped.Paths);
    }

    [Fact]
    public void None_WithCallsInTheHistory_KeepsTheTools()
    {
        var request = AfterACall();
        request.Tools.Add(Tool("f"));
        request.ToolChoice = new ToolChoice(ToolChoiceMode.None);

        var (claude, nothing) = Write(request);
        Assert.Equal("f", (string)claude["toolConfig"]!["tools"]![0]!["toolSpec"]!["name"]!);
        Assert.Null(claude["toolConfig"]!["toolChoice"]);
        Assert.Equal("""{"tool_choice":{"type":"none"}}""", claude["additionalModelRequestFields"]!.ToJsonString());
        Assert.Empty(nothing.Paths);
        Assert.Equal(ToolChoiceMode.None, Read(claude.ToJsonString()).ToolChoice!.Mode);

        var (nova, dropped) = Write(request, "amazon.nova-pro-v1:0");
        Assert.NotNull(nova["toolConfig"]);
        Assert.Equal(["tool_choice"], dropped.Paths);
    }

    [Fact]
    public void NoTools_WithCallsInTheHistory_AreMadeFromIt()
    {
        var (body, _) = Write(AfterACall());
        Assert.Equal(
            """{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{}}}}}]}""",
            body["toolConfig"]!.ToJsonString());
        Assert.Equal("none", (string)body["additionalModelRequestFields"]!["tool_choice"]!["type"]!);
    }

    [Theory]
    [InlineData("Auto", Claude, "{\"auto\":{}}", "")]
    [InlineData("Required", Claude, "{\"any\":{}}", "")]
    [InlineData("Named", Claude, "{\"tool\":{\"name\":\"g\"}}", "")]
    [InlineData("Named", "mistral.mistral-large-2407-v1:0", "{\"any\":{}}", "")]
    [InlineData("Required", Llama, null, "tool_choice")]
    public void Choice_IsSaidAsTheModelTakesIt(string choice, string model, string? written, string reported)
    {
        var request = Ask();
        request.Tools.AddRange([Tool("f"), Tool("g")]);
        var mode = Enum.Parse<ToolChoiceMode>(choice);
        request.ToolChoice = new ToolChoice(mode, mode == ToolChoiceMode.Named ? ["g"] : []);
        var (body, dropped) = Write(request, model);
        Assert.Equal(written, body["toolConfig"]!["toolChoice"]?.ToJsonString());
        Assert.Equal(reported, string.Join(',', dropped.Paths));
        if (written == "{\"any\":{}}" && mode == ToolChoiceMode.Named)
            Assert.Equal("g", (string)Assert.Single(body["toolConfig"]!["tools"]!.AsArray())!["toolSpec"]!["name"]!);
    }

    [Fact]
    public void Choice_OfSomeTools_LimitsTheTools()
    {
        var request = Ask();
        request.Tools.AddRange([Tool("f"), Tool("g"), Tool("h")]);
        request.ToolChoice = new ToolChoice(ToolChoiceMode.Required, ["f", "h"]);
        var (body, _) = Write(request);
        Assert.Equal(["f", "h"], body["toolConfig"]!["tools"]!.AsArray().Select(tool => (string)tool!["toolSpec"]!["name"]!));
    }

    [Fact]
    public void OneAtATime_IsSaidInAnthropicsWords()
    {
        var request = Ask();
        request.Tools.Add(Tool("f"));
        request.ParallelToolCalls = false;
        request.ToolChoice = new ToolChoice(ToolChoiceMode.Named, ["f"]);
        var (body, dropped) = Write(request);
        Assert.Null(body["toolConfig"]!["toolChoice"]);
        Assert.Equal("""{"type":"tool","name":"f","disable_parallel_tool_use":true}""", body["additionalModelRequestFields"]!["tool_choice"]!.ToJsonString());
        Assert.Empty(dropped.Paths);
        var read = Read(body.ToJsonString());
        Assert.Equal((false, "f"), (read.ParallelToolCalls, read.ToolChoice!.Names[0]));
        Assert.Equal(["parallel_tool_calls"], Write(request, "qwen.qwen3-32b-v1:0").Dropped.Paths);
    }

    [Fact]
    public void Tool_WithoutDescriptionOrParameters_GetsAnEmptyObject()
    {
        var request = Ask();
        request.Tools.Add(new ToolDefinition { Name = "f", Description = "" });
        request.Tools.Add(Tool("g", """{"properties":{"a":{}}}"""));
        var (body, _) = Write(request);
        Assert.Equal(
            """{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{}}}}}""",
            body["toolConfig"]!["tools"]![0]!.ToJsonString());
        Assert.Equal("object", (string)body["toolConfig"]!["tools"]![1]!["toolSpec"]!["inputSchema"]!["json"]!["type"]!);
    }

    [Fact]
    public void Tool_ForNova_HasThreeMembersAtItsRoot()
    {
        var request = Ask();
        request.Tools.Add(Tool("f", """{"$schema":"x","type":"object","properties":{"a":{"type":"string","minLength":1}},"additionalProperties":false,"required":["a"]}"""));
        var (body, dropped) = Write(request, "amazon.nova-lite-v1:0");
        Assert.Equal(
            """{"type":"object","properties":{"a":{"type":"string","minLength":1}},"required":["a"]}""",
            body["toolConfig"]!["tools"]![0]!["toolSpec"]!["inputSchema"]!["json"]!.ToJsonString());
        Assert.Equal(["tools[0].function.parameters.$schema", "tools[0].function.parameters.additionalProperties"], dropped.Paths);
    }

    [Fact]
    public void Tool_Strict_IsFittedOrReported()
    {
        var request = Ask();
        request.Tools.Add(new ToolDefinition { Name = "f", Strict = true, Parameters = Json("""{"type":"object","properties":{"n":{"type":"integer","minimum":1}},"required":["n"],"additionalProperties":false}""") });
        var (body, dropped) = Write(request);
        Assert.True((bool)body["toolConfig"]!["tools"]![0]!["toolSpec"]!["strict"]!);
        Assert.Equal(["tools[0].function.parameters (minimum)"], dropped.Paths);
        var (old, reported) = Write(request, OldClaude);
        Assert.Null(old["toolConfig"]!["tools"]![0]!["toolSpec"]!["strict"]);
        Assert.Equal(["tools[0].function.strict"], reported.Paths);
    }

    [Fact]
    public void Format_WithASchema_IsAStringOfJson()
    {
        var request = Ask();
        request.Format = new ResponseFormat
        {
            Name = "person",
            Schema = Json("""{"type":"object","properties":{"age":{"type":"integer","maximum":9},"pet":{"oneOf":[{"type":"null"},{"type":"object","properties":{}}]}},"required":["age"]}"""),
        };
        var (body, dropped) = Write(request);
        var schema = (string)body["outputConfig"]!["textFormat"]!["structure"]!["jsonSchema"]!["schema"]!;
        Assert.Equal(
            """{"type":"object","properties":{"age":{"type":"integer"},"pet":{"anyOf":[{"type":"null"},{"type":"object","properties":{},"additionalProperties":false}]}},"required":["age"],"additionalProperties":false}""",
            schema);
        Assert.Equal(["response_format.json_schema.schema (maximum)"], dropped.Paths);
    }

    [Fact]
    public void Format_OfASchemaThatFits_KeepsItsBytes()
    {
        var request = Ask();
        var schema = """{ "type" : "object", "properties": {"a": {"type":"string"}}, "additionalProperties" : false }""";
        request.Format = new ResponseFormat { Schema = Json(schema) };
        Assert.Equal(schema, (string)Write(request).Body["outputConfig"]!["textFormat"]!["structure"]!["jsonSchema"]!["schema"]!);
    }

    [Fact]
    public void Format_WithoutASchema_IsAnInstruction()
    {
        var request = Ask();
        request.Format = new ResponseFormat();
        var (body, _) = Write(request);
        Assert.Contains("JSON", (string)Assert.Single(body["system"]!.AsArray())!["text"]!, StringComparison.Ordinal);
        Assert.Null(body["outputConfig"]);
    }

    [Theory]
    [InlineData(OldClaude, false, "{\"tool\":{\"name\":\"gateway_json_answer\"}}", "")]
    [InlineData(OldClaude, true, "{\"any\":{}}", "")]
    [InlineData("amazon.nova-pro-v1:0", false, "{\"tool\":{\"name\":\"gateway_json_answer\"}}", "")]
    [InlineData(Llama, false, "{\"auto\":{}}", "response_format (asked for, but not enforced)")]
    public void Format_OfAModelWithout_IsAnAnswerByTool(string model, bool otherTools, string choice, string reported)
    {
        var request = Ask();
        if (otherTools)
            request.Tools.Add(Tool("f"));
        request.Format = new ResponseFormat { Schema = Json("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}""") };
        var (body, dropped) = Write(request, model);
        Assert.Equal(Reserved, (string)body["toolConfig"]!["tools"]!.AsArray()[^1]!["toolSpec"]!["name"]!);
        Assert.Equal(choice, body["toolConfig"]!["toolChoice"]!.ToJsonString());
        Assert.Equal(reported, string.Join(',', dropped.Paths));
    }

    [Fact]
    public void Reply_ByTool_IsText()
    {
        var choice = Reply("""{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"gateway_json_answer","input":{"a":"b"}}}]}},"stopReason":"tool_use"}""").Choices[0];
        Assert.Equal("""{"a":"b"}""", Assert.IsType<TextPart>(Assert.Single(choice.Parts)).Text);
        Assert.Equal(FinishReason.Stop, choice.Finish);
    }

    [Fact]
    public void Stream_ByTool_IsText()
    {
        var stream = CodecRig.Encode(Codec,
        [
            new ChatEvent(ChatEventKind.ToolCallStart) { Id = "t", Name = Reserved },
            new ChatEvent(ChatEventKind.ToolCallArguments) { Text = "{\"a\":" },
            new ChatEvent(ChatEventKind.ToolCallArguments) { Text = "1}" },
            new ChatEvent(ChatEventKind.ToolCallEnd),
            new ChatEvent(ChatEventKind.Finish) { Finish = FinishReason.ToolCalls },
        ]);
        var (events, _, _) = Decode(stream);
        Assert.Equal(
            [
                new ChatEvent(ChatEventKind.Start),
                new ChatEvent(ChatEventKind.Text) { Text = "{\"a\":" },
                new ChatEvent(ChatEventKind.Text) { Text = "1}" },
                new ChatEvent(ChatEventKind.PartEnd),
                new ChatEvent(ChatEventKind.Finish) { Finish = FinishReason.Stop },
                new ChatEvent(ChatEventKind.Usage),
            ],
            events);
    }

    private static ChatRequest AfterACall() =>
        Request((ChatRole.User, [new TextPart("Hi")]), (ChatRole.Assistant, [Call("1", "f")]), (ChatRole.Tool, [Result("1", "ok")]));
}
