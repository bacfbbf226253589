using System.Text;
using System.Text.Json;
using Gateway.Tests.Testing;
using OpenAI.Chat;

namespace Gateway.Tests.Surfaces;

/// <summary>Chat through the official SDK, the gateway and the simulator.</summary>
public sealed class OpenAiSdkChatTests(SimulatorGateway gateway) : IClassFixture<SimulatorGateway>
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool("get_weather", "Weather now", BinaryData.FromString(
        """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}"""));

    private static readonly ChatTool Clock = ChatTool.CreateFunctionTool("getTime", "Time now", BinaryData.FromString(
        """{"type":"object","properties":{"zone":{"type":"string"}},"required":["zone"]}"""));

    [Theory]
    [InlineData("simulator/echo")]
    [InlineData("echo")]
    [InlineData("team/echo")]
    public async Task Complete_AnyNameOfAModel_IsAnsweredAndRecorded(string model)
    {
        var result = await Sdk.Chat(gateway.Host, model).CompleteChatAsync(new UserChatMessage("Grüße, 世界 😀"));

        ChatCompletion reply = result;
        Assert.Equal("Grüße, 世界 😀", reply.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, reply.FinishReason);
        var headers = result.GetRawResponse().Headers;
        Assert.True(headers.TryGetValue("x-gateway-provider", out var provider));
        Assert.Equal("simulator", provider);
        Assert.True(headers.TryGetValue("x-gateway-model", out var target));
        Assert.Equal("echo", target);
        Assert.True(headers.TryGetValue("x-gateway-cost-usd", out var cost));
        Assert.True(headers.TryGetValue("x-request-id", out var id));
        Assert.True(headers.TryGetValue("Server-Timing", out _));

        var entry = Assert.Single(await gateway.Host.LedgerAsync("?request_id=" + id));
        Assert.Equal(model, entry.GetProperty("requested_model").GetString());
        Assert.Equal(reply.Usage.InputTokenCount, entry.GetProperty("input_tokens").GetInt64());
        Assert.Equal(reply.Usage.OutputTokenCount, entry.GetProperty("output_tokens").GetInt64());
        Assert.Equal(cost, entry.GetProperty("cost_usd").GetString());
        Assert.False(entry.GetProperty("estimated").GetBoolean());
    }

    [Fact]
    public async Task Stream_Text_ArrivesInPiecesWithUsage()
    {
        var text = new StringBuilder();
        var pieces = 0;
        ChatTokenUsage? usage = null;
        ChatFinishReason? finish = null;

        await foreach (var update in Sdk.Chat(gateway.Host, "simulator/chat").CompleteChatStreamingAsync(new UserChatMessage("tides")))
        {
            pieces += update.ContentUpdate.Count;
            foreach (var part in update.ContentUpdate)
                text.Append(part.Text);
            usage = update.Usage ?? usage;
            finish = update.FinishReason ?? finish;
        }

        ChatCompletion whole = await Sdk.Chat(gateway.Host, "simulator/chat").CompleteChatAsync(new UserChatMessage("tides"));
        Assert.InRange(pieces, 50, 200);
        Assert.Equal(whole.Content[0].Text, text.ToString());
        Assert.Equal(whole.Usage.OutputTokenCount, usage!.OutputTokenCount);
        Assert.Equal(ChatFinishReason.Stop, finish);
    }

    [Fact]
    public async Task Complete_Tools_CallsThenUsesTheResult()
    {
        var client = Sdk.Chat(gateway.Host, "simulator/tools");
        var options = new ChatCompletionOptions { Tools = { Weather } };
        List<ChatMessage> messages = [new UserChatMessage("What is the weather in Paris?")];

        ChatCompletion first = await client.CompleteChatAsync(messages, options);
        var call = Assert.Single(first.ToolCalls);
        messages.Add(new AssistantChatMessage(first));
        messages.Add(new ToolChatMessage(call.Id, "21 degrees"));
        ChatCompletion second = await client.CompleteChatAsync(messages, options);

        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        Assert.NotEmpty(JsonDocument.Parse(call.FunctionArguments).RootElement.GetProperty("city").GetString()!);
        Assert.Contains("21 degrees", second.Content[0].Text);
    }

    [Fact]
    public async Task Stream_ParallelTools_ArePutTogether()
    {
        var options = new ChatCompletionOptions { Tools = { Weather, Clock } };
        var calls = new SortedDictionary<int, (string Name, StringBuilder Arguments)>();
        ChatFinishReason? finish = null;

        await foreach (var update in Sdk.Chat(gateway.Host, "simulator/tools").CompleteChatStreamingAsync([new UserChatMessage("call two of them")], options))
        {
            finish = update.FinishReason ?? finish;
            foreach (var call in update.ToolCallUpdates)
            {
                if (!calls.ContainsKey(call.Index))
                    calls[call.Index] = (call.FunctionName, new StringBuilder());
                calls[call.Index].Arguments.Append(call.FunctionArgumentsUpdate);
            }
        }

        Assert.Equal(ChatFinishReason.ToolCalls, finish);
        Assert.Equal(["get_weather", "getTime"], calls.Values.Select(call => call.Name));
        Assert.All(calls.Values, call => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(call.Arguments.ToString()).RootElement.ValueKind));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_JsonSchema_IsObeyed(bool stream)
    {
        var options = new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("person", BinaryData.FromString(
                """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":18}},"required":["name","age"],"additionalProperties":false}"""), jsonSchemaIsStrict: true),
        };
        var client = Sdk.Chat(gateway.Host, "simulator/json");

        var text = stream
            ? (await Sdk.ReadAsync(client.CompleteChatStreamingAsync([new UserChatMessage("A person")], options))).Text
            : ((ChatCompletion)await client.CompleteChatAsync([new UserChatMessage("A person")], options)).Content[0].Text;

        var person = JsonDocument.Parse(text).RootElement;
        Assert.InRange(person.GetProperty("age").GetInt32(), 18, int.MaxValue);
        Assert.Equal(JsonValueKind.String, person.GetProperty("name").ValueKind);
    }

    [Fact]
    public async Task Complete_ImagesIn_AreSeen()
    {
        ChatCompletion reply = await Sdk.Chat(gateway.Host, "simulator/chat").CompleteChatAsync(new UserChatMessage(
            ChatMessageContentPart.CreateTextPart("What are these?"),
            ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(new byte[300_000]), "image/png"),
            ChatMessageContentPart.CreateImagePart(new Uri("https://example.com/a.png"))));

        Assert.Contains("2 images", reply.Content[0].Text);
    }

    [Fact]
    public async Task Complete_LegacyCompletionsWithTwoChoices_StreamsBothToTheirEnd()
    {
        var reply = await RawReply.PostAsync(gateway.Host, "/v1/completions", """{"model":"simulator/echo","prompt":"one two","n":2,"stream":true}""");

        var finished = reply.Data.Where(data => data.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal))
            .Select(data => JsonDocument.Parse(data).RootElement.GetProperty("choices")[0].GetProperty("index").GetInt32());
        Assert.Equal([0, 1], finished.Order());
        Assert.Equal("[DONE]", reply.Data[^1]);
        Assert.True(reply.IsProperEnd);
    }

    [Fact]
    public async Task Complete_LegacyCompletionsWithTwoChoicesWhole_HasBoth()
    {
        var reply = await RawReply.PostAsync(gateway.Host, "/v1/completions", """{"model":"simulator/echo","prompt":"one two","n":2}""");

        Assert.Equal(["one two", "one two"], reply.Json.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("text").GetString()!));
    }

    [Fact]
    public async Task Complete_KeyInAnyHeader_IsTaken()
    {
        foreach (var header in new[] { "Authorization", "x-api-key", "api-key" })
        {
            using var client = new HttpClient { BaseAddress = gateway.Host.BaseUri };
            client.DefaultRequestHeaders.Add(header, header == "Authorization" ? "Bearer " + GatewayHost.Key : GatewayHost.Key);
            using var content = new StringContent("""{"model":"simulator/echo","messages":[{"role":"user","content":"x"}]}""", Encoding.UTF8, "application/json");
            using var response = await client.PostAsync("/v1/chat/completions", content);
            Assert.Equal(200, (int)response.StatusCode);
        }
    }
}
