using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing.Attempts;

/// <summary>A gateway with a route over two upstreams, shared by the tests of a class; each test queues its scripts.</summary>
public sealed class AttemptFixture : IAsyncLifetime
{
    public const string Ok = """{"id":"x","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""";

    internal ScriptedUpstream A { get; private set; } = null!;

    internal ScriptedUpstream B { get; private set; } = null!;

    internal GatewayHost Gateway { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        A = await ScriptedUpstream.StartAsync();
        B = await ScriptedUpstream.StartAsync();
        const string timeouts = """ "timeouts": { "connect": 2, "firstToken": 0.5, "idle": 0.5, "total": 20, "finishGrace": 0.2 } """;
        Gateway = await GatewayHost.StartAsync($$"""
            "providers": {
              "a": { "type": "openai", "baseUrl": "{{A.BaseUri}}", "apiKey": "env:UP_KEY" },
              "b": { "type": "openai", "baseUrl": "{{B.BaseUri}}", "apiKey": "env:UP_KEY" }
            },
            "routes": {
              "one": { "targets": ["a/m"] },
              "calm": { "targets": ["a/m"], "timeouts": { "firstToken": 60, "idle": 60, "total": 120 } },
              "two": { "targets": ["a/m", "b/m"] },
              "patient": { "targets": ["a/m", "b/m"], "timeouts": { "firstToken": 3, "keepAliveHold": 0.2, "keepAliveInterval": 0.1 } }
            },
            {{timeouts}}
            """);
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
