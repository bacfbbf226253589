using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Compatibility;

/// <summary>A gateway in front of an upstream that others wrote: one process of npm's <c>@copilotkit/aimock</c> is the provider of every wire that it speaks.</summary>
public sealed class AimockFixture : IAsyncLifetime
{
    private static readonly (string Provider, string Path, string Settings)[] Wires =
    [
        ("chat", "/v1", """ "type": "openai-compatible", "apiKey": "env:UP_KEY", "paths": { "responses": null } """),
        ("responses", "/v1", """ "type": "openai-compatible", "apiKey": "env:UP_KEY", "paths": { "chatCompletions": null } """),
        ("azure", "", """ "type": "azure", "apiKey": "env:UP_KEY" """),
        ("router", "/api/v1", """ "type": "openrouter", "apiKey": "env:UP_KEY" """),
        ("claude", "", """ "type": "anthropic", "apiKey": "env:UP_KEY" """),
        ("gemini", "", """ "type": "gemini", "apiKey": "env:UP_KEY", "headers": { "x-aimock-context": "gemini" } """),
        ("vertex", "/v1/projects/p/locations/l", """ "type": "vertex", "apiKey": "env:UP_KEY", "headers": { "x-aimock-context": "gemini" } """),
        ("aws", "", """ "type": "bedrock", "apiKey": "env:UP_KEY" """),
        ("co", "", """ "type": "cohere", "apiKey": "env:UP_KEY" """),
        ("llama", "", """ "type": "ollama", "paths": { "chatCompletions": null, "completions": null, "responses": null } """),
    ];

    private NodeScript? _upstream;

    internal static IEnumerable<string> Providers => Wires.Select(w => w.Provider);

    internal GatewayHost Gateway { get; private set; } = null!;

    internal HttpClient Upstream { get; } = new();

    public async Task InitializeAsync()
    {
        if (new NodeFactAttribute().Skip is not null)
            return;
        _upstream = NodeScript.Start(["aimock.mjs"]);
        Upstream.BaseAddress = new Uri(await _upstream.ReadLineAsync());
        var root = Upstream.BaseAddress.GetLeftPart(UriPartial.Authority);
        var providers = Wires.Select(w => $$""" "{{w.Provider}}": { "baseUrl": "{{root}}{{w.Path}}", {{w.Settings}} } """);
        Gateway = ForgottenFailures.In(await GatewayHost.StartAsync($$""" "providers": { {{string.Join(",", providers)}} } """, server: """ "http2Urls": ["http://127.0.0.1:0"] """));
    }

    public async Task DisposeAsync()
    {
        Upstream.Dispose();
        if (Gateway is not null)
            await Gateway.DisposeAsync();
        if (_upstream is not null)
            await _upstream.DisposeAsync();
    }
}
