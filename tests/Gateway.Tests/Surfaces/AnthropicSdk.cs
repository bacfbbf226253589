using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>The official Anthropic client, unchanged but for the base URL and the key.</summary>
internal static class AnthropicSdk
{
    /// <summary>The SDK's client, without retries.</summary>
    public static AnthropicClient Client(GatewayHost gateway, string key = GatewayHost.Key) => new()
    {
        BaseUrl = new Uri(gateway.BaseUri, "anthropic").ToString(),
        ApiKey = key,
        MaxRetries = 0,
        // A client that leaves a reply leaves it at once: by default the handler would go on reading for 2 s.
        HttpClient = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }),
    };

    /// <summary>A question.</summary>
    public static MessageCreateParams Ask(string model, params MessageParam[] messages) => new()
    {
        Model = model,
        MaxTokens = 4000,
        Messages = messages.Length > 0 ? messages : [Message("""{"role":"user","content":"Hi"}""")],
    };

    /// <summary>A message as it stands on the wire.</summary>
    public static MessageParam Message(string json) => new(JsonElement.Parse(json));

    /// <summary>The weather tool.</summary>
    public static Tool Weather => new()
    {
        Name = "get_weather",
        Description = "Weather of a city",
        InputSchema = new InputSchema
        {
            Properties = new Dictionary<string, JsonElement> { ["city"] = JsonElement.Parse("""{"type":"string"}""") },
            Required = ["city"],
        },
    };

    /// <summary>The members of a JSON object.</summary>
    public static Dictionary<string, JsonElement> Members(string json) =>
        JsonElement.Parse(json).EnumerateObject().ToDictionary(member => member.Name, member => member.Value);

    /// <summary>All text.</summary>
    public static string TextOf(Message message) => string.Concat(message.Content.Select(block => block.TryPickText(out var text) ? text.Text : ""));

    /// <summary>The tool calls.</summary>
    public static List<ToolUseBlock> CallsOf(Message message) =>
        [.. message.Content.Select(block => block.TryPickToolUse(out var call) ? call : null).OfType<ToolUseBlock>()];

    /// <summary>Reads a stream to its end as the SDK puts it together.</summary>
    public static async Task<Message> ReadAsync(IAsyncEnumerable<RawMessageStreamEvent> events)
    {
        var aggregator = new Anthropic.Helpers.MessageContentAggregator();
        await foreach (var _ in aggregator.CollectAsync(events))
        {
        }

        return aggregator.Message();
    }
}
