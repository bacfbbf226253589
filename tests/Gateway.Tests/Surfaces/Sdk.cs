using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Testing;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The SDK marks Responses as experimental.

namespace Gateway.Tests.Surfaces;

/// <summary>The official OpenAI SDK, unchanged but for the endpoint and the key.</summary>
internal static class Sdk
{
    /// <summary>The SDK's client; it retries only as often as a test says.</summary>
    public static OpenAIClient Client(GatewayHost gateway, string key = GatewayHost.Key, int retries = 0, HttpClient? http = null) =>
        new(new ApiKeyCredential(key), new OpenAIClientOptions
        {
            Endpoint = new Uri(gateway.BaseUri, "v1"),
            RetryPolicy = new ClientRetryPolicy(retries),
            Transport = http is null ? null : new HttpClientPipelineTransport(http),
        });

    /// <summary>A chat client.</summary>
    public static ChatClient Chat(GatewayHost gateway, string model) => Client(gateway).GetChatClient(model);

    /// <summary>A Responses client.</summary>
    public static ResponsesClient Responses(GatewayHost gateway) =>
        new(new ApiKeyCredential(GatewayHost.Key), new ResponsesClientOptions { Endpoint = new Uri(gateway.BaseUri, "v1"), RetryPolicy = new ClientRetryPolicy(0) });

    /// <summary>The texts of a stream, joined, and its last finish reason; throws what the SDK throws.</summary>
    public static async Task<(string Text, ChatFinishReason? Finish)> ReadAsync(AsyncCollectionResult<StreamingChatCompletionUpdate> stream)
    {
        var text = new StringBuilder();
        ChatFinishReason? finish = null;
        await foreach (var update in stream)
        {
            foreach (var part in update.ContentUpdate)
                text.Append(part.Text);
            finish = update.FinishReason ?? finish;
        }

        return (text.ToString(), finish);
    }

    /// <summary>What the SDK's exception carries of the gateway's error object.</summary>
    public static (int Status, string? Code, string? Type, string? Param) ErrorOf(ClientResultException exception)
    {
        using var body = JsonDocument.Parse(exception.GetRawResponse()!.Content);
        var error = body.RootElement.GetProperty("error");
        return (exception.Status, error.GetProperty("code").GetString(), error.GetProperty("type").GetString(), error.GetProperty("param").GetString());
    }
}
