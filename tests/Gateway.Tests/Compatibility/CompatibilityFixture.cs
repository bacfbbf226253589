using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

/// <summary>One gateway with a provider of every wire, all served by one fake upstream; and the table of what was seen.</summary>
public sealed class CompatibilityFixture : IAsyncLifetime
{
    internal static readonly IReadOnlyList<ClientWire> Wires =
        [new OpenAiChatWire(), new ResponsesWire(), new AnthropicWire(), new GeminiWire(), new BedrockWire(), new CohereWire(), new OllamaWire()];

    private static readonly AnthropicWire Claude = new();

    private static readonly Dictionary<string, Feature> Features = new()
    {
        ["chat"] = Feature.Chat,
        ["tools"] = Feature.Tools,
        ["parallel"] = Feature.ParallelTools,
        ["thinking"] = Feature.Thinking,
        ["structured"] = Feature.Structured,
        ["limited"] = Feature.Error,
    };

    private static readonly Dictionary<string, string> ThinkingModels = new()
    {
        ["claude"] = "claude/claude-sonnet-4-5",
        ["aws"] = "aws/anthropic.claude-sonnet-4-5",
        ["gemini"] = "gemini/gemini-3-pro-preview",
        ["oai"] = "oai/gpt-5",
    };

    private ScriptedUpstream _upstream = null!;

    internal GatewayHost Gateway { get; private set; } = null!;

    internal ConcurrentDictionary<(string Surface, string Provider, Feature Feature), string> Seen { get; } = [];

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        var root = _upstream.BaseUri.GetLeftPart(UriPartial.Authority);
        var providers = Wires.Select(w => $$""" "{{w.Provider}}": { "baseUrl": "{{root}}{{w.BasePath}}", {{w.Settings}} } """);
        // OpenAI's own models sign their reasoning, unlike those of other servers of its wires.
        var openAi = $$""" "oai": { "type": "openai", "baseUrl": "{{root}}/oai/v1", "apiKey": "env:UP_KEY", "paths": { "chatCompletions": null } } """;
        var routes = ThinkingModels.SelectMany(first => ThinkingModels.Where(second => second.Key != first.Key)
            .Select(second => $$""" "{{RouteOf(first.Key, second.Key)}}": { "targets": ["{{first.Value}}", "{{second.Value}}"] } """));
        Gateway = ForgottenFailures.In(await GatewayHost.StartAsync($$""" "providers": { {{string.Join(",", providers.Append(openAi))}} }, "routes": { {{string.Join(",", routes)}} } """, server: """ "http2Urls": ["http://127.0.0.1:0"] """));
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    /// <summary>Sets what the upstream does next; the tests of this collection run one after the other.</summary>
    internal ScriptedUpstream Upstream(Func<UpstreamExchange, Task> handler)
    {
        _upstream.Default = Script.Handle(handler);
        return _upstream;
    }

    /// <summary>The route whose targets are a model that thinks of one provider and then of another.</summary>
    internal static string RouteOf(string first, string second) => $"{first}-then-{second}";

    /// <summary>Sends a call as a client of a wire.</summary>
    internal Task<HttpResponseMessage> SendAsync(ClientWire surface, Feature feature, string model, bool stream)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, surface.Path(model, stream))
        {
            Content = new StringContent(surface.Ask(feature, model, stream).ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        return Gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Answers as the provider that the path names does; the model's name says what (chat, tools, parallel, thinking, structured, limited).</summary>
    internal static Task ServeAsync(UpstreamExchange exchange)
    {
        var provider = Wires.Single(w => exchange.Target.StartsWith(w.BasePath + "/", StringComparison.Ordinal));
        var asked = JsonNode.Parse(exchange.Body)!;
        var feature = (string?)asked["model"] is { } model
            ? Features[model]
            : Features.Single(f => exchange.Target.Contains($"/{f.Key}:", StringComparison.Ordinal) || exchange.Target.Contains($"/{f.Key}/", StringComparison.Ordinal)).Value;
        return feature == Feature.Error ? RefuseAsync(provider, exchange) : AnswerAsync(provider, feature, exchange);
    }

    /// <summary>Answers as a provider of a wire does.</summary>
    internal static async Task AnswerAsync(ClientWire provider, Feature feature, UpstreamExchange exchange)
    {
        var asked = JsonNode.Parse(exchange.Body)!;
        var response = exchange.Context.Response;
        if (IsInvoke(exchange) ? !exchange.Target.EndsWith("-stream", StringComparison.Ordinal) : !provider.AsksStream(exchange, asked))
        {
            response.ContentType = "application/json";
            await response.Body.WriteAsync(Encoding.UTF8.GetBytes((IsInvoke(exchange) ? Claude : provider).Reply(feature, asked).ToJsonString()));
            return;
        }

        response.ContentType = provider.StreamType;
        foreach (var piece in IsInvoke(exchange) ? BedrockWire.InvokeStream(Claude, feature, asked) : provider.Stream(feature, asked))
        {
            await response.Body.WriteAsync(piece);
            await response.Body.FlushAsync();
        }
    }

    private static bool IsInvoke(UpstreamExchange exchange) => exchange.Target.Contains("/invoke", StringComparison.Ordinal);

    /// <summary>Refuses as a provider of a wire does.</summary>
    internal static async Task RefuseAsync(ClientWire provider, UpstreamExchange exchange)
    {
        var response = exchange.Context.Response;
        response.StatusCode = 429;
        response.ContentType = "application/json";
        response.Headers.RetryAfter = "30";
        if (provider.RateLimitHeader is { } header)
            response.Headers[header.Name] = header.Value;
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(provider.RateLimit.ToJsonString()));
    }
}
