using System.Text.Json;
using CsCheck;
using GatewayApi.Simulator;
using OpenAI.Chat;

namespace Gateway.Tests.Simulator;

/// <summary>Made-up values are valid for their schemas.</summary>
public sealed class SchemaSamplerTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":18,"maximum":20}},"required":["name","age"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"kind":{"const":"a"},"none":{"const":null},"mood":{"enum":["glad","sad",null]},"maybe":{"type":["string","null"]}},"required":["kind","none","mood","maybe"]}""")]
    [InlineData("""{"type":"array","items":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":0.3},"minItems":4,"maxItems":4,"uniqueItems":true}""")]
    [InlineData("""{"type":"array","prefixItems":[{"type":"string"},{"type":"boolean"}],"items":false}""")]
    [InlineData("""{"type":"array","items":{"enum":["x","y"]},"uniqueItems":true,"minItems":2}""")]
    [InlineData("""{"type":"array","maxItems":0}""")]
    [InlineData("""{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]},"value":{"type":"integer"}},"required":["next","value"],"additionalProperties":false}""")]
    [InlineData("""{"$defs":{"node":{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#/$defs/node"}}},"required":["children"]}},"$ref":"#/$defs/node"}""")]
    [InlineData("""{"definitions":{"s":{"type":"string","format":"uuid"}},"type":"object","properties":{"id":{"$ref":"#/definitions/s"}},"required":["id"]}""")]
    [InlineData("""{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"b":{"type":"integer","multipleOf":7,"minimum":10}},"required":["b"]}]}""")]
    [InlineData("""{"anyOf":[{"type":"string","minLength":30},{"type":"integer"}]}""")]
    [InlineData("""{"type":"integer","exclusiveMinimum":5,"exclusiveMaximum":7}""")]
    [InlineData("""{"type":"integer","maximum":-10}""")]
    [InlineData("""{"type":"number","minimum":1.25,"maximum":1.25}""")]
    [InlineData("""{"type":"string","maxLength":3}""")]
    [InlineData("""{"type":"string","pattern":"^[A-Z]{2}-\\d{4}(x|y)?$"}""")]
    [InlineData("""{"type":"string","pattern":"^(?:\\+|00)[0-9]+ \\w+\\.com$"}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"integer"},"minProperties":3,"required":["z"]}""")]
    [InlineData("""{"properties":{"untyped":{}},"required":["untyped"]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"format":"date-time"},"b":{"format":"date"},"c":{"format":"email"},"d":{"format":"ipv4"},"e":{"format":"ipv6"},"f":{"format":"uri"},"g":{"format":"time"},"h":{"format":"duration"},"i":{"format":"hostname"}}}""")]
    public void Sample_Schema_IsValid(string schema)
    {
        var root = SimulatorFixture.Parse(schema);
        for (var seed = 0UL; seed < 20; seed++)
        {
            var value = SimulatorFixture.Parse(SchemaSampler.Sample(root, seed, variation: (int)seed % 4));
            Assert.Null(SchemaCheck.Error(value, root, root));
        }
    }

    [Fact]
    public void Sample_EndlessReference_Ends()
    {
        var root = SimulatorFixture.Parse("""{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"type":"object","properties":{"x":{"$ref":"#/$defs/a"},"y":{"$ref":"#"}},"required":["x","y"]}""");

        Assert.Equal(JsonValueKind.Object, SimulatorFixture.Parse(SchemaSampler.Sample(root, 1)).ValueKind);
    }

    [Fact]
    public void Sample_RandomSchemas_AreValid() =>
        Schemas(3).Sample(
            schema =>
            {
                var root = SimulatorFixture.Parse(schema);
                var error = SchemaCheck.Error(SimulatorFixture.Parse(SchemaSampler.Sample(root, 5)), root, root);
                return error is null;
            },
            iter: 2_000);

    [Fact]
    public async Task Complete_JsonSchema_AnyModelObeysIt()
    {
        var schema = BinaryData.FromString("""{"type":"object","properties":{"steps":{"type":"array","items":{"type":"object","properties":{"text":{"type":"string"}},"required":["text"],"additionalProperties":false},"minItems":3}},"required":["steps"],"additionalProperties":false}""");
        var options = new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("steps", schema, jsonSchemaIsStrict: true) };

        ChatCompletion reply = await simulator.OpenAi.GetChatClient("chat").CompleteChatAsync([new UserChatMessage("plan")], options);

        var root = SimulatorFixture.Parse(schema.ToString());
        Assert.Null(SchemaCheck.Error(SimulatorFixture.Parse(reply.Content[0].Text), root, root));
    }

    [Fact]
    public async Task Complete_JsonObject_IsAnObject()
    {
        var options = new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonObjectFormat() };

        ChatCompletion reply = await simulator.OpenAi.GetChatClient("echo").CompleteChatAsync([new UserChatMessage("say \"hi\"")], options);

        Assert.Equal("say \"hi\"", SimulatorFixture.Parse(reply.Content[0].Text).GetProperty("question").GetString());
    }

    [Fact]
    public async Task Complete_UnresolvableReference_Is400()
    {
        var reply = await simulator.PostJsonAsync("/chat/completions", """
            {"model":"json","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"$ref":"#/$defs/none"}}}}
            """);

        Assert.Equal("invalid_json_schema", reply.GetProperty("error").GetProperty("code").GetString());
    }

    private static Gen<string> Schemas(int depth)
    {
        var integers = Gen.Select(Gen.Int[-50, 50], Gen.Int[0, 20], (low, width) => $$"""{"type":"integer","minimum":{{low}},"maximum":{{low + width}}}""");
        var numbers = Gen.Select(Gen.Int[-50, 50], Gen.Int[1, 20], (low, width) => $$"""{"type":"number","exclusiveMinimum":{{low}},"maximum":{{low + width}}}""");
        var strings = Gen.Select(Gen.Int[0, 12], Gen.Int[0, 12], (least, more) => $$"""{"type":"string","minLength":{{least}},"maxLength":{{least + more}}}""");
        string[] fixedSchemas = ["""{"enum":[1,"a",[]]}""", """{"const":{"k":[true]}}""", """{"type":"boolean"}""", """{"type":"null"}""", """{"type":["null","integer"]}"""];
        var choices = Gen.Int[0, fixedSchemas.Length - 1].Select(i => fixedSchemas[i]);
        var leaf = Gen.OneOf(integers, numbers, strings, choices);
        if (depth == 0)
            return leaf;
        var inner = Schemas(depth - 1);
        var arrays = Gen.Select(inner, Gen.Int[0, 3], Gen.Int[0, 3], (items, least, more) => $$"""{"type":"array","items":{{items}},"minItems":{{least}},"maxItems":{{least + more}}}""");
        var objects = inner.Array[0, 4].Select(members =>
        {
            var properties = string.Join(',', members.Select((member, i) => "\"p" + i + "\":" + member));
            var required = string.Join(',', members.Select((_, i) => "\"p" + i + "\""));
            return "{\"type\":\"object\",\"properties\":{" + properties + "},\"required\":[" + required + "],\"additionalProperties\":false}";
        });
        var alternatives = inner.Array[1, 3].Select(parts => "{\"anyOf\":[" + string.Join(',', parts) + "]}");
        return Gen.OneOf(leaf, arrays, objects, alternatives);
    }
}
