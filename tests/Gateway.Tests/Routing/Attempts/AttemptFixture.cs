using System.Text;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing.Attempts;

/// <summary>
/// A gateway with routes over two upstreams, shared by the tests of a class; each test queues its scripts. Every call asks for a route of its own,
/// whose targets nobody else calls: what one target went through must not tell on another test's.
/// </summary>
public sealed class AttemptFixture : IAsyncLifetime
{
    public const string Ok = """{"id":"x","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""";

    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int RoutesOfAKind = 250;

    private int _next;

    internal ScriptedUpstream A { get; private set; } = null!;

    internal ScriptedUpstream B { get; private set; } = null!;

    internal GatewayHost Gateway { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        A = await ScriptedUpstream.StartAsync();
        B = await ScriptedUpstream.StartAsync();
        // Only the hasty and the brisk kind wait for less than a busy machine may take.
        const string timeouts = """ "timeouts": { "connect": 10, "firstToken": 15, "idle": 15, "total": 20, "finishGrace": 0.2 } """;
        const string hasty = """ "timeouts": { "firstToken": 0.5, "idle": 0.5 } """;
        var routes = Enumerable.Range(1, RoutesOfAKind).Select(n => $$"""
            "one-{{n}}": { "targets": ["a/m{{n}}"] },
            "calm-{{n}}": { "targets": ["a/m{{n}}"], "timeouts": { "firstToken": 60, "idle": 60, "total": 120 } },
            "two-{{n}}": { "targets": ["a/m{{n}}", "b/m{{n}}"] },
            "hasty-one-{{n}}": { "targets": ["a/m{{n}}"], {{hasty}} },
            "hasty-two-{{n}}": { "targets": ["a/m{{n}}", "b/m{{n}}"], {{hasty}} },
            "brisk-{{n}}": { "targets": ["a/m{{n}}", "b/m{{n}}"], "timeouts": { "answer": 0.3 } },
            "patient-{{n}}": { "targets": ["a/m{{n}}", "b/m{{n}}"], "timeouts": { "firstToken": 3, "keepAliveHold": 0.2, "keepAliveInterval": 0.1 } }
            """);
        Gateway = await GatewayHost.StartAsync($$"""
            "providers": {
              "a": { "type": "openai", "baseUrl": "{{A.BaseUri}}", "apiKey": "env:UP_KEY" },
              "b": { "type": "openai", "baseUrl": "{{B.BaseUri}}", "apiKey": "env:UP_KEY" }
            },
            "routes": { {{string.Join(',', routes)}} },
            {{timeouts}}
            """);
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await A.DisposeAsync();
        await B.DisposeAsync();
    }

    /// <summary>A route of a kind that no call has asked for yet.</summary>
    internal string Fresh(string kind) => $"{kind}-{Interlocked.Increment(ref _next)}";

    /// <summary>A reply that nothing is wrong with.</summary>
    internal static Script Good(bool stream) => stream ? Script.Chunks([OpenAiStreams.Chat("text")]) : Script.Json(Ok);

    /// <summary>A question.</summary>
    internal static string Ask(string model, bool stream) =>
        "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]" + (stream ? ",\"stream\":true}" : "}");

    /// <summary>Asks a fresh route for an answer of both upstreams' scripts; the signal is given when the client has the headers.</summary>
    internal Task<AttemptAnswer> CallAsync(string kind, bool stream, Script[] a, Script[] b, TaskCompletionSource? begun = null) =>
        CallRouteAsync(Fresh(kind), stream, a, b, begun);

    /// <summary>The same of a route that calls before may have asked for.</summary>
    internal async Task<AttemptAnswer> CallRouteAsync(string model, bool stream, Script[] a, Script[] b, TaskCompletionSource? begun = null)
    {
        var (callsOfA, callsOfB) = (A.Exchanges.Count, B.Exchanges.Count);
        A.Enqueue(a);
        B.Enqueue(b);
        using var response = await Gateway.PostAsync("/v1/chat/completions", Ask(model, stream)).WaitAsync(Patience);
        begun?.TrySetResult();
        var body = new MemoryStream();
        var improper = false;
        try
        {
            await (await response.Content.ReadAsStreamAsync()).CopyToAsync(body).WaitAsync(Patience);
        }
        catch (IOException)
        {
            improper = true;
        }

        return new AttemptAnswer(response, Encoding.UTF8.GetString(body.ToArray()), improper, A.Exchanges.Count - callsOfA, B.Exchanges.Count - callsOfB);
    }
}
