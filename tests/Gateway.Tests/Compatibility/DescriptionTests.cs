using System.Text.Json.Nodes;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

/// <summary>What the gateway's OpenAI surface answers besides translated chats is what OpenAI's own description says.</summary>
public sealed class DescriptionTests(SimulatorGateway gateway, ScriptedGateway scripted, OpenAiJudge judge)
    : IClassFixture<SimulatorGateway>, IClassFixture<ScriptedGateway>, IClassFixture<OpenAiJudge>
{
    private const string Hi = """ "messages": [{ "role": "user", "content": "Hi" }] """;
    private const string Tools = """ "tools": [{ "type": "function", "function": { "name": "get_weather", "parameters": { "type": "object", "properties": { "city": { "type": "string" } } } } }], "tool_choice": "required" """;
    private const string FlatTools = """ "tools": [{ "type": "function", "name": "get_weather", "parameters": { "type": "object", "properties": { "city": { "type": "string" } } } }], "tool_choice": "required" """;

    [NodeTheory]
    [InlineData("CreateChatCompletionResponse", "/v1/chat/completions", """{ "model": "simulator/chat", MORE }""", Hi)]
    [InlineData("CreateChatCompletionResponse", "/v1/chat/completions", """{ "model": "simulator/tools", "n": 2, MORE }""", Hi + "," + Tools)]
    [InlineData("CreateChatCompletionResponse", "/v1/chat/completions", """{ "model": "simulator/echo", "logprobs": true, "response_format": { "type": "json_object" }, MORE }""", Hi)]
    [InlineData("Response", "/v1/responses", """{ "model": "simulator/chat", "input": "Hi" }""")]
    [InlineData("Response", "/v1/responses", """{ "model": "simulator/tools", "input": "Hi", MORE }""", FlatTools)]
    [InlineData("CreateCompletionResponse", "/v1/completions", """{ "model": "simulator/chat", "prompt": "Hi" }""")]
    [InlineData("CreateEmbeddingResponse", "/v1/embeddings", """{ "model": "simulator/embed", "input": ["a", "b"] }""")]
    public async Task Reply_OfTheSimulator_IsAsDescribed(string schema, string path, string body, string more = "")
    {
        var reply = await RawReply.PostAsync(gateway.Host, path, body.Replace("MORE", more, StringComparison.Ordinal));

        Assert.True(reply.Status == 200, reply.Text);
        await judge.CheckAsync(schema, JsonNode.Parse(reply.Text));
    }

    [NodeTheory]
    [InlineData("CreateChatCompletionStreamResponse", "/v1/chat/completions", """{ "model": "simulator/chat", "stream": true, "stream_options": { "include_usage": true }, MORE }""", Hi)]
    [InlineData("CreateChatCompletionStreamResponse", "/v1/chat/completions", """{ "model": "simulator/tools", "stream": true, MORE }""", Hi + "," + Tools)]
    [InlineData("ResponseStreamEvent", "/v1/responses", """{ "model": "simulator/chat", "stream": true, "input": "Hi" }""")]
    [InlineData("ResponseStreamEvent", "/v1/responses", """{ "model": "simulator/tools", "stream": true, "input": "Hi", MORE }""", FlatTools)]
    [InlineData("CreateCompletionStreamResponse", "/v1/completions", """{ "model": "simulator/chat", "stream": true, "prompt": "Hi" }""")]
    public async Task Stream_OfTheSimulator_IsAsDescribed(string schema, string path, string body, string more = "")
    {
        var reply = await RawReply.PostAsync(gateway.Host, path, body.Replace("MORE", more, StringComparison.Ordinal));

        Assert.True(reply.Status == 200, reply.Text);
        Assert.True(await judge.CheckEventsAsync(schema, reply.Text) > 1);
    }

    [NodeFact]
    public async Task Models_OfTheGateway_AreAsDescribed()
    {
        await judge.CheckAsync("ListModelsResponse", JsonNode.Parse(await gateway.Host.Client.GetStringAsync("/v1/models")));
        await judge.CheckAsync("Model", JsonNode.Parse(await gateway.Host.Client.GetStringAsync("/v1/models/simulator/echo")));
    }

    [NodeTheory]
    [InlineData(404, """{ "model": "nobody/none", "messages": [] }""")]
    [InlineData(400, """{ "model": 3 }""")]
    [InlineData(400, """{ "model": "simulator/chat" }""")]
    [InlineData(429, """{ "model": "simulator/fault-429", "messages": [{ "role": "user", "content": "Hi" }] }""")]
    [InlineData(502, """{ "model": "simulator/fault-malformed", "messages": [{ "role": "user", "content": "Hi" }] }""")]
    [InlineData(504, """{ "model": "brief-silence", "messages": [{ "role": "user", "content": "Hi" }] }""")]
    public async Task Error_OfTheGateway_IsAsDescribed(int status, string body)
    {
        var reply = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", body);

        Assert.True(reply.Status == status, reply.Status + " " + reply.Text);
        await judge.CheckAsync("ErrorResponse", JsonNode.Parse(reply.Text));
    }

    [NodeFact]
    public async Task Error_InAStream_IsAsDescribed()
    {
        var chat = await RawReply.PostAsync(gateway.Host, "/v1/chat/completions", """{ "model": "simulator/fault-cut", "stream": true, "messages": [{ "role": "user", "content": "Hi" }] }""");
        await judge.CheckAsync("ErrorResponse", JsonNode.Parse(chat.Data[^1]));

        var responses = await RawReply.PostAsync(gateway.Host, "/v1/responses", """{ "model": "simulator/fault-cut", "stream": true, "input": "Hi" }""");
        Assert.True(await judge.CheckEventsAsync("ResponseStreamEvent", responses.Text) > 1);
        Assert.Equal("error", (string?)JsonNode.Parse(responses.Data[^1])!["type"]);
    }

    [NodeTheory]
    [InlineData("ImagesResponse", "/v1/images/generations", """{"created":1,"data":[{"b64_json":"AQID"}],"usage":{"input_tokens":11,"output_tokens":272,"total_tokens":283,"input_tokens_details":{"text_tokens":11,"image_tokens":0}}}""")]
    [InlineData("CreateEmbeddingResponse", "/v1/embeddings", Wire.FloatEmbeddings)]
    public async Task Reply_OfAProvider_StaysAsDescribed(string schema, string path, string provided)
    {
        scripted.Next(Script.Json(provided));

        var reply = await RawReply.PostAsync(scripted.Host, path, """{ "model": "up/m", "prompt": "a cat", "input": ["a", "b"] }""");

        Assert.True(reply.Status == 200, reply.Text);
        await judge.CheckAsync(schema, JsonNode.Parse(reply.Text));
    }

    [NodeFact]
    public async Task Moderation_OfAProvider_StaysAsDescribed()
    {
        string[] names =
        [
            "hate", "hate/threatening", "harassment", "harassment/threatening", "illicit", "illicit/violent", "self-harm", "self-harm/intent", "self-harm/instructions",
            "sexual", "sexual/minors", "violence", "violence/graphic",
        ];
        JsonObject Each(Func<JsonNode> value) => new(names.Select(name => KeyValuePair.Create(name, (JsonNode?)value())));
        var result = new JsonObject { ["flagged"] = false, ["categories"] = Each(() => false), ["category_scores"] = Each(() => 0.01), ["category_applied_input_types"] = Each(() => new JsonArray("text")) };
        scripted.Next(Script.Json(new JsonObject { ["id"] = "modr-1", ["model"] = "m", ["results"] = new JsonArray(result) }.ToJsonString()));

        var reply = await RawReply.PostAsync(scripted.Host, "/v1/moderations", """{ "model": "up/m", "input": "a" }""");

        Assert.True(reply.Status == 200, reply.Text);
        await judge.CheckAsync("CreateModerationResponse", JsonNode.Parse(reply.Text));
    }
}
