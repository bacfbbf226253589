using System.Text;
using System.Text.Json.Nodes;
using Gateway.Protocol;
using Gateway.Protocol.Parts;
using Gateway.Tests.Testing;
using static Gateway.Tests.Dialects.Anthropic.AnthropicRig;

namespace Gateway.Tests.Dialects.Anthropic;

public class AnthropicFormatTests
{
    private const string Old = "claude-3-5-sonnet-20241022";
    private const string Schema = """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""";
    private const string Answer = "gateway_json_answer";

    [Fact]
    public void Write_SchemaTheModelCanBeHeldTo_IsTheFormat()
    {
        var (body, dropped) = Write(Ask(Schema));
        AssertSame(JsonNode.Parse(Schema), body["output_config"]!["format"]!["schema"]);
        Assert.Null(body["tools"]);
        Assert.Empty(dropped);
    }

    [Fact]
    public void Write_OlderModel_IsMadeToCallTheAnswerTool()
    {
        var (body, dropped) = Write(Ask(Schema), Target(Old));
        Assert.Null(body["output_config"]);
        Assert.Equal(Answer, (string?)body["tools"]![0]!["name"]);
        AssertSame(JsonNode.Parse(Schema), body["tools"]![0]!["input_schema"]);
        AssertSame(JsonNode.Parse($$"""{"type":"tool","name":"{{Answer}}"}"""), body["tool_choice"]);
        Assert.Empty(dropped);
    }

    [Fact]
    public void Write_OlderModelWithTools_CallsOneOrAnswers()
    {
        var request = Ask(Schema);
        request.Tools.Add(Tool());
        Assert.Equal("any", (string?)Write(request, Target(Old)).Body["tool_choice"]!["type"]);
        request.ToolChoice = new ToolChoice(ToolChoiceMode.None);
        Assert.Equal(Answer, (string?)Write(request, Target(Old)).Body["tool_choice"]!["name"]);
        request.ToolChoice = new ToolChoice(ToolChoiceMode.Required);
        Assert.Equal("f", (string?)Write(request, Target(Old)).Body["tools"]!.AsArray().Single()!["name"]);
    }

    [Fact]
    public void Write_OlderModelThatThinks_IsAskedToCallTheTool()
    {
        var request = Ask(Schema);
        request.Reasoning = new ReasoningSettings { Effort = "low" };
        var (body, dropped) = Write(request, Target("claude-sonnet-4-20250514"));
        Assert.Equal("auto", (string?)body["tool_choice"]!["type"]);
        Assert.Contains(Answer, (string?)body["system"]);
        Assert.Equal(["response_format (not enforced while the model thinks)"], dropped);
    }

    [Fact]
    public void Write_SchemaThatRefersToItself_IsATool()
    {
        var (body, _) = Write(Ask("""{"type":"object","properties":{"next":{"$ref":"#/$defs/n"}},"$defs":{"n":{"type":"object","properties":{"next":{"$ref":"#/$defs/n"}}}}}"""));
        Assert.Null(body["output_config"]);
        Assert.Equal(Answer, (string?)body["tools"]![0]!["name"]);
    }

    [Fact]
    public void Write_AnyJsonObject_IsAToolOrAskedForInWords()
    {
        var request = Ask(null);
        Assert.Equal(Answer, (string?)Write(request).Body["tool_choice"]!["name"]);
        request.Tools.Add(Tool());
        var (body, dropped) = Write(request);
        Assert.Contains("JSON object", (string?)body["system"]);
        Assert.Equal(["response_format (asked for in words)"], dropped);
    }

    [Fact]
    public void ReadReply_AnswerTool_IsTextAndStop()
    {
        var reply = Codec.ReadReply(Encoding.UTF8.GetBytes($$$"""
            {"type":"message","content":[{"type":"tool_use","id":"t","name":"{{{Answer}}}","input":{"a": 1}}],"stop_reason":"tool_use"}
            """))!;
        Assert.Equal("""{"a": 1}""", ((TextPart)reply.Choices[0].Parts.Single()).Text);
        Assert.Equal(FinishReason.Stop, reply.Choices[0].Finish);
    }

    [Fact]
    public void Decode_AnswerTool_IsTextAndStop()
    {
        var stream = $$$$"""
            data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"{{{{Answer}}}}","input":{}}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}}

            data: {"type":"content_block_stop","index":0}

            data: {"type":"message_delta","delta":{"stop_reason":"tool_use"}}

            data: {"type":"message_stop"}


            """;
        var (events, _, _) = CodecRig.Decode(Codec, Gateway.Transport.StreamFraming.ServerSentEvents, Encoding.UTF8.GetBytes(stream));
        Assert.Equal(
            [new ChatEvent(ChatEventKind.Text) { Text = "{\"a\":1}" }, new ChatEvent(ChatEventKind.PartEnd), new ChatEvent(ChatEventKind.Finish) { Finish = FinishReason.Stop }],
            events);
    }

    [Theory]
    [InlineData(
        """{"type":"object","properties":{"n":{"type":"integer","minimum":1,"description":"N"},"s":{"type":"string","pattern":"^a"}}}""",
        """{"type":"object","properties":{"n":{"type":"integer","description":"N (minimum: 1)"},"s":{"type":"string","description":"(pattern: \"^a\")"}},"additionalProperties":false}""",
        "properties.n.minimum|properties.s.pattern")]
    [InlineData(
        """{"oneOf":[{"const":1},{"type":"null"}]}""",
        """{"anyOf":[{"enum":[1]},{"type":"null"}]}""",
        "")]
    [InlineData(
        """{"$schema":"x","type":"array","items":{"type":"string","format":"regex"},"minItems":2,"maxItems":3}""",
        """{"type":"array","items":{"type":"string","description":"(format: \"regex\")"},"description":"(minItems: 2; maxItems: 3)"}""",
        "items.format|minItems|maxItems")]
    [InlineData(
        """{"type":"object","properties":{"p":{"$ref":"#/definitions/p","description":"d"}},"definitions":{"p":{"type":"string"}},"additionalProperties":true}""",
        """{"type":"object","properties":{"p":{"$ref":"#/$defs/p"}},"$defs":{"p":{"type":"string"}},"additionalProperties":false}""",
        "properties.p.description|additionalProperties")]
    public void Write_KeywordsBeyondTheSubset_GoIntoTheDescription(string schema, string expected, string dropped)
    {
        var (body, paths) = Write(Ask(schema));
        AssertSame(JsonNode.Parse(expected), body["output_config"]!["format"]!["schema"]);
        Assert.Equal(dropped.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(p => $"response_format.json_schema.schema.{p}"), paths);
    }

    [Fact]
    public void Write_MapOfAnything_KeepsItsSenseAsATool() =>
        Assert.Null(Write(Ask("""{"type":"object","additionalProperties":{"type":"string"}}""")).Body["output_config"]);

    [Fact]
    public void Write_StrictTool_IsStrictWhereItCanBe()
    {
        var request = AnthropicRig.Ask();
        request.Tools.Add(Tool(schema: Schema, strict: true));
        Assert.True((bool?)Write(request).Body["tools"]![0]!["strict"]);
        var (body, dropped) = Write(request, Target(Old));
        Assert.Null(body["tools"]![0]!["strict"]);
        Assert.Equal(["tools[0].function.strict"], dropped);
    }

    private static ChatRequest Ask(string? schema)
    {
        var request = AnthropicRig.Ask();
        request.Format = new ResponseFormat { Schema = schema is null ? default : Raw(schema) };
        return request;
    }
}
