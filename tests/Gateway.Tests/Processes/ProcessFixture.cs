using Gateway.Tests.Testing;

namespace Gateway.Tests.Processes;

/// <summary>A directory of its own for each test, deleted with it.</summary>
public abstract class ProcessFixture : IDisposable
{
    private readonly TempDirectory _directory = new();

    /// <summary>Where the gateway runs.</summary>
    private protected string Directory => _directory.Path;

    /// <summary>The variables that <see cref="GatewayProcess.WriteConfiguration"/> needs.</summary>
    private protected static string[] Keys { get; } = ["TEST_KEY=" + GatewayProcess.Key, "GATEWAY_ADMIN_KEY=" + GatewayProcess.AdminKey];

    /// <summary>The end of a finished Chat Completions stream.</summary>
    private protected const string FinishEvent = """{"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    /// <summary>The usage event.</summary>
    private protected const string UsageEvent = """{"id":"c","object":"chat.completion.chunk","model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";

    /// <summary>A request for a stream.</summary>
    private protected const string StreamRequest = """{"model":"up/m","stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    /// <summary>A request for a whole reply.</summary>
    private protected const string WholeRequest = """{"model":"up/m","messages":[{"role":"user","content":"hi"}]}""";

    /// <summary>A whole reply.</summary>
    private protected static readonly Script WholeReply = Script.Json("""{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""");

    /// <summary>A content event.</summary>
    private protected static string ContentEvent(string text) => "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}";

    public void Dispose()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }
}
