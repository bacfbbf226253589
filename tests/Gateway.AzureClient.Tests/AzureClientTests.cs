using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using Azure.AI.OpenAI;
using Gateway.Tests.Compatibility;
using Gateway.Tests.Testing;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace Gateway.AzureClient.Tests;

/// <summary>
/// The official Azure OpenAI client, unchanged but for the endpoint and the key: its deployments are models of the gateway, onto a provider of
/// every wire.
/// </summary>
public sealed class AzureClientTests(CompatibilityFixture fixture) : IClassFixture<CompatibilityFixture>
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool("get_weather", "Weather of a city", BinaryData.FromString(
        """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    public static TheoryData<string> Providers => [.. CompatibilityFixture.Wires.Select(wire => wire.Provider)];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Complete_Deployment_IsAnsweredByItsModel(string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);

        var result = await Chat(provider + "/chat").CompleteChatAsync([new SystemChatMessage("Be brief."), new UserChatMessage("Hi")]);

        ChatCompletion reply = result;
        Assert.Equal("Hello there.", reply.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, reply.FinishReason);
        Assert.Equal((12, 5), (reply.Usage.InputTokenCount, reply.Usage.OutputTokenCount));
        Assert.True(result.GetRawResponse().Headers.TryGetValue("x-gateway-provider", out var served));
        Assert.Equal(provider, served);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Stream_Text_ArrivesInPiecesWithItsEnd(string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);
        var pieces = new List<string>();
        ChatFinishReason? finish = null;

        await foreach (var update in Chat(provider + "/chat").CompleteChatStreamingAsync(new UserChatMessage("Hi")))
        {
            pieces.AddRange(update.ContentUpdate.Select(part => part.Text).Where(text => text.Length > 0));
            finish = update.FinishReason ?? finish;
        }

        Assert.True(pieces.Count > 1);
        Assert.Equal("Hello there.", string.Concat(pieces));
        Assert.Equal(ChatFinishReason.Stop, finish);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Complete_Tools_AreCalledAndTakeTheirResults(string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);
        var options = new ChatCompletionOptions { Tools = { Weather } };
        List<ChatMessage> messages = [new UserChatMessage("Weather?")];

        ChatCompletion first = await Chat(provider + "/parallel").CompleteChatAsync(messages, options);
        messages.Add(new AssistantChatMessage(first));
        messages.AddRange(first.ToolCalls.Select(call => new ToolChatMessage(call.Id, "sunny")));
        ChatCompletion second = await Chat(provider + "/chat").CompleteChatAsync(messages, options);

        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        Assert.Equal(["Oslo", "Rome"], first.ToolCalls.Select(call => JsonDocument.Parse(call.FunctionArguments).RootElement.GetProperty("city").GetString()!));
        Assert.Equal("Hello there.", second.Content[0].Text);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Stream_Tool_IsPutTogether(string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);
        var (name, arguments) = ("", new StringBuilder());

        await foreach (var update in Chat(provider + "/tools").CompleteChatStreamingAsync([new UserChatMessage("Weather?")], new ChatCompletionOptions { Tools = { Weather } }))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                name += call.FunctionName;
                arguments.Append(call.FunctionArgumentsUpdate);
            }
        }

        Assert.Equal("get_weather", name);
        Assert.Equal("Paris", JsonDocument.Parse(arguments.ToString()).RootElement.GetProperty("city").GetString());
    }

    [Theory]
    [InlineData("chat/floats", """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-1.25]},{"object":"embedding","index":1,"embedding":[1,0]}],"model":"floats","usage":{"prompt_tokens":4,"total_tokens":4}}""")]
    [InlineData("co/floats", """{"id":"e1","embeddings":{"float":[[0.5,-1.25],[1,0]]},"texts":["a","b"],"meta":{"api_version":{"version":"2"},"billed_units":{"input_tokens":4}}}""")]
    public async Task Embed_Texts_GivesTheirVectors(string deployment, string reply)
    {
        fixture.Upstream(exchange =>
        {
            exchange.Context.Response.ContentType = "application/json";
            return exchange.Context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(reply)).AsTask();
        });

        OpenAIEmbeddingCollection vectors = await Client().GetEmbeddingClient(deployment).GenerateEmbeddingsAsync(["a", "b"]);

        Assert.Equal([0.5f, -1.25f], vectors[0].ToFloats().ToArray());
        Assert.Equal([1f, 0f], vectors[1].ToFloats().ToArray());
        Assert.Equal(4, vectors.Usage.InputTokenCount);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Call_ProviderLimitsTheRate_IsTheClientsException(string provider)
    {
        fixture.Upstream(CompatibilityFixture.ServeAsync);

        foreach (var stream in new[] { false, true })
        {
            var error = await ThrowsAsync(Client(), provider + "/limited", stream);

            Assert.Equal(429, error.Status);
            Assert.Equal("provider_rate_limited", CodeOf(error));
            Assert.True(error.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var seconds));
            Assert.Equal("30", seconds);
        }
    }

    [Theory]
    [InlineData("gw-wrong", "chat/chat", 401, "invalid_api_key")]
    [InlineData(GatewayHost.Key, "nothing", 404, "model_not_found")]
    public async Task Call_Refused_IsTheClientsException(string key, string deployment, int status, string code)
    {
        foreach (var stream in new[] { false, true })
        {
            var error = await ThrowsAsync(Client(key), deployment, stream);

            Assert.Equal((status, code), (error.Status, CodeOf(error)));
        }
    }

    private static string? CodeOf(ClientResultException error) =>
        JsonDocument.Parse(error.GetRawResponse()!.Content).RootElement.GetProperty("error").GetProperty("code").GetString();

    private static async Task<ClientResultException> ThrowsAsync(AzureOpenAIClient client, string deployment, bool stream) => await Assert.ThrowsAsync<ClientResultException>(async () =>
    {
        var chat = client.GetChatClient(deployment);
        if (!stream)
        {
            await chat.CompleteChatAsync(new UserChatMessage("Hi"));
            return;
        }

        await foreach (var _ in chat.CompleteChatStreamingAsync(new UserChatMessage("Hi")))
        {
        }
    });

    private ChatClient Chat(string deployment) => Client().GetChatClient(deployment);

    private AzureOpenAIClient Client(string key = GatewayHost.Key) =>
        new(fixture.Gateway.BaseUri, new ApiKeyCredential(key), new AzureOpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) });
}
