using Gateway.Tests.Testing;

namespace Gateway.Tests.Budgets;

/// <summary>A gateway before providers of two wires with known prices: 1,000 nano-dollars for an input token, 10,000 for one of output.</summary>
internal sealed class LimitedGateway : IAsyncDisposable
{
    /// <summary>Costs 210,000 nano-dollars.</summary>
    public const string ChatReply =
        """{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}""";

    /// <summary>Costs the same.</summary>
    public const string MessagesReply =
        """{"id":"m1","type":"message","role":"assistant","model":"c","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":20}}""";

    public const long ReplyCost = 210_000;

    private const string Price = """{ "inputPerMtok": 1, "outputPerMtok": 10, "maxOutput": 1000 }""";

    private LimitedGateway(ScriptedUpstream upstream, GatewayHost host) => (Upstream, Host) = (upstream, host);

    public ScriptedUpstream Upstream { get; }

    public GatewayHost Host { get; }

    /// <summary>A streamed reply of the chat wire; costs the same.</summary>
    public static Script ChatStream => Script.Sse(
        """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"hi"},"finish_reason":null}]}""",
        """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}""").Done();

    public static async Task<LimitedGateway> StartAsync(Script? script = null)
    {
        var upstream = await ScriptedUpstream.StartAsync(script ?? Script.Json(ChatReply));
        var root = upstream.BaseUri.GetLeftPart(UriPartial.Authority);
        var host = await GatewayHost.StartAsync(
            $$"""
            "providers": {
              "up": { "type": "openai", "baseUrl": "{{upstream.BaseUri}}", "apiKey": "env:UP_KEY" },
              "an": { "type": "anthropic", "baseUrl": "{{root}}", "apiKey": "env:UP_KEY" } },
            "models": { "up/m": {{Price}}, "an/c": {{Price}} }
            """);
        return new LimitedGateway(upstream, host);
    }

    /// <summary>A chat request.</summary>
    public static string Ask(string model = "up/m", int? maxTokens = 100, bool stream = false, string content = "hi") =>
        $$"""{"model":"{{model}}",{{(maxTokens is null ? "" : $"\"max_tokens\":{maxTokens},")}}{{(stream ? "\"stream\":true," : "")}}"messages":[{"role":"user","content":"{{content}}"}]}""";

    public Task<HttpResponseMessage> ChatAsync(string body, CancellationToken cancellation = default) => Host.PostAsync("/v1/chat/completions", body, cancellation);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
