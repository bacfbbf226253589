using System.Text;
using System.Text.Json;
using Gateway.Tests.Testing;
using OpenAI.Chat;

namespace Gateway.Tests.Surfaces;

/// <summary>Comments while a model thinks, as clients see them.</summary>
public sealed class KeepAliveTests(KeepAliveTests.ThinkingGateway gateway) : IClassFixture<KeepAliveTests.ThinkingGateway>
{
    private const string Ask = """{"model":"up/m","stream":true,"messages":[]}""";

    [Fact]
    public async Task Stream_ModelThinks_CommentsComeThenTheWholeAnswer()
    {
        var thought = new TaskCompletionSource();
        gateway.Upstream.Enqueue(Script.Sse(Wire.Role).Wait(thought.Task).Event(Wire.Text("so")).Event(Wire.Finish()).Done());

        using var response = await gateway.Host.PostAsync("/v1/chat/completions", Ask);
        await using var stream = await response.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(stream);
        Assert.Equal(": keep-alive", await reader.ReadLineAsync());
        thought.SetResult();
        var rest = await reader.ReadToEndAsync();

        Assert.Contains("\"so\"", rest);
        Assert.EndsWith("data: [DONE]\n\n", rest);
        Assert.Equal("1", Assert.Single(response.Headers.GetValues("x-gateway-attempts")));
    }

    [Fact]
    public async Task Stream_ModelThinks_TheSdkReadsOverComments()
    {
        var thought = new TaskCompletionSource();
        var before = gateway.Upstream.Exchanges.Count;
        gateway.Upstream.Enqueue(Script.Stream().Wait(thought.Task).Event(Wire.Role).Event(Wire.Text("so")).Event(Wire.Finish()).Done());

        // The SDK returns from its first call once headers are there: only a comment can have sent them.
        await using var updates = Sdk.Chat(gateway.Host, "up/m").CompleteChatStreamingAsync(new UserChatMessage("x")).GetAsyncEnumerator();
        var first = updates.MoveNextAsync();
        await gateway.Upstream.WaitForRequestAsync(before + 1);
        thought.SetResult();
        var text = new StringBuilder();
        for (var more = await first; more; more = await updates.MoveNextAsync())
            text.AppendJoin("", updates.Current.ContentUpdate.Select(part => part.Text));

        Assert.Equal("so", text.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_FailsAfterAComment_IsAnErrorEventAndAnImproperEnd(bool hangs)
    {
        var thought = new TaskCompletionSource();
        gateway.Upstream.Enqueue(hangs ? Script.Silence() : Script.Sse(Wire.Role).Wait(thought.Task).ThenClose());

        using var response = await gateway.Host.PostAsync("/v1/chat/completions", Ask);
        thought.SetResult();
        var reply = await RawReply.ReadAsync(response);

        Assert.Equal(200, reply.Status);
        Assert.StartsWith(": keep-alive\n\n", reply.Text);
        Assert.Equal(hangs ? "first_token_timeout" : "stream_interrupted", reply.ErrorCode);
        Assert.False(reply.HasDone);
        Assert.False(reply.IsProperEnd);
        var entry = (await gateway.Host.LedgerAsync("?limit=1"))[0];
        Assert.Equal("failed", entry.GetProperty("outcome").GetString());
        Assert.Equal(0, entry.GetProperty("cost_nano_usd").GetInt64());
    }

    [Fact]
    public async Task Stream_FirstTargetFailsAfterAComment_TheNextOneAnswers()
    {
        var thought = new TaskCompletionSource();
        gateway.Upstream.Enqueue(
            Script.Sse(Wire.Role).Wait(thought.Task).ThenClose(),
            Script.Sse(Wire.Role).ThenClose(), // a broken connection is worth another try
            Script.Sse(Wire.Role, Wire.Text("so"), Wire.Finish()).Done());

        using var response = await gateway.Host.PostAsync("/v1/chat/completions", Ask.Replace("up/m", "two", StringComparison.Ordinal));
        thought.SetResult();
        var reply = await RawReply.ReadAsync(response);

        Assert.True(reply.IsProperEnd);
        Assert.Equal([Wire.Role, Wire.Text("so"), Wire.Finish(), "[DONE]"], reply.Data);
        var entry = (await gateway.Host.LedgerAsync("?limit=1"))[0];
        Assert.Equal(("completed", "b", 3), (entry.GetProperty("outcome").GetString(), entry.GetProperty("target_model").GetString(), entry.GetProperty("attempts").GetInt32()));
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("error_code").ValueKind);
    }

    /// <summary>A gateway that says soon that it is still there.</summary>
    public sealed class ThinkingGateway : IAsyncLifetime
    {
        internal GatewayHost Host { get; private set; } = null!;

        internal ScriptedUpstream Upstream { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Upstream = await ScriptedUpstream.StartAsync();
            Host = ForgottenFailures.In(await GatewayHost.StartAsync(Upstream, """
                "timeouts": { "keepAliveHold": 0.1, "keepAliveInterval": 0.1, "firstToken": 3 },
                "routes": { "two": { "targets": ["up/a", "up/b"] } }
                """));
        }

        public async Task DisposeAsync()
        {
            await Host.DisposeAsync();
            await Upstream.DisposeAsync();
        }
    }
}
