using System.Text.Json;

namespace Gateway.Tests.Surfaces;

/// <summary>Each fault of the simulator through the gateway: the whole answer or a clean, bounded error, never a truncated success.</summary>
public sealed class SimulatorFaultsThroughGatewayTests(SimulatorFaultGateway gateway) : IClassFixture<SimulatorFaultGateway>
{
    private static readonly (string Path, bool Stream)[] Exchanges =
    [
        ("/v1/chat/completions", true),
        ("/v1/chat/completions", false),
        ("/v1/responses", true),
        ("/v1/responses", false),
        ("/v1/completions", true),
        ("/v1/completions", false),
    ];

    public static TheoryData<string, bool> AnyExchange => Where(_ => true);

    public static TheoryData<string, bool> Streams => Where(stream => stream);

    public static TheoryData<string, bool> Wholes => Where(stream => !stream);

    private static TheoryData<string, bool> Where(Func<bool, bool> wanted)
    {
        var data = new TheoryData<string, bool>();
        foreach (var (path, stream) in Exchanges.Where(exchange => wanted(exchange.Stream)))
            data.Add(path, stream);
        return data;
    }

    [Theory]
    [MemberData(nameof(AnyExchange))]
    public async Task RateLimited_IsWaitedForOnceThen429WithTheProvidersRetryAfter(string path, bool stream)
    {
        var reply = await AskAsync("simulator/fault-429", path, stream);

        AssertRefused(reply, 429, "provider_rate_limited");
        Assert.Equal(TimeSpan.FromSeconds(2), reply.Headers.RetryAfter!.Delta);
        await AssertFailedAsync("provider_rate_limited", 429, attempts: 2);
    }

    [Theory]
    [MemberData(nameof(AnyExchange))]
    public async Task ErrorOnce_IsTheAnswerOfASecondAttempt(string path, bool stream)
    {
        AssertWhole(await AskAsync("simulator/fault-500-once", path, stream, "once " + path + stream), path, stream);
        await AssertCompletedAsync(attempts: 2);
    }

    [Theory]
    [MemberData(nameof(AnyExchange))]
    public async Task Overloaded_Is503WithRetryAfter(string path, bool stream)
    {
        var reply = await AskAsync("simulator/fault-503", path, stream);

        AssertRefused(reply, 503, "provider_overloaded");
        Assert.NotNull(reply.Headers.RetryAfter);
        await AssertFailedAsync("provider_overloaded", 503, attempts: 1);
    }

    [Theory]
    [MemberData(nameof(AnyExchange))]
    public async Task Reset_IsTriedTwiceThen502(string path, bool stream)
    {
        AssertRefused(await AskAsync("simulator/fault-reset", path, stream), 502, "provider_unreachable");
        await AssertFailedAsync("provider_unreachable", 502, attempts: 2);
    }

    [Theory]
    [MemberData(nameof(AnyExchange))]
    public async Task Silence_IsBounded(string path, bool stream)
    {
        var code = stream ? "first_token_timeout" : "total_timeout";

        AssertRefused(await AskAsync("brief-silence", path, stream), 504, code);
        await AssertFailedAsync(code, 504, attempts: 1);
    }

    [Theory]
    [MemberData(nameof(AnyExchange))]
    public async Task SlowFirstToken_NoPatience_IsA504(string path, bool stream)
    {
        var code = stream ? "first_token_timeout" : "total_timeout";

        AssertRefused(await AskAsync("brief-slow", path, stream), 504, code);
        await AssertFailedAsync(code, 504, attempts: 1);
    }

    [Theory]
    [MemberData(nameof(AnyExchange))]
    public async Task SlowFirstToken_Patience_IsTheAnswer(string path, bool stream)
    {
        AssertWhole(await AskAsync("simulator/fault-slow-first-token", path, stream), path, stream);
        await AssertCompletedAsync();
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Cut_Stream_EndsInAnError(string path, bool stream)
    {
        AssertInterrupted(await AskAsync("simulator/fault-cut", path, stream), "stream_interrupted");
        await AssertInterruptedAsync("stream_interrupted");
    }

    [Theory]
    [MemberData(nameof(Wholes))]
    public async Task Cut_Whole_IsTriedTwiceThen502(string path, bool stream)
    {
        AssertRefused(await AskAsync("simulator/fault-cut", path, stream), 502, "stream_interrupted");
        await AssertFailedAsync("stream_interrupted", 502, attempts: 2);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Stall_Stream_EndsInAnError(string path, bool stream)
    {
        AssertInterrupted(await AskAsync("brief-stall", path, stream), "stream_stalled");
        await AssertInterruptedAsync("stream_stalled");
    }

    [Theory]
    [MemberData(nameof(Wholes))]
    public async Task Stall_Whole_IsBounded(string path, bool stream)
    {
        AssertRefused(await AskAsync("brief-stall-whole", path, stream), 504, "total_timeout");
        await AssertFailedAsync("total_timeout", 504, attempts: 1);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Malformed_Stream_EndsInAnError(string path, bool stream)
    {
        AssertInterrupted(await AskAsync("simulator/fault-malformed", path, stream), "stream_malformed");
        await AssertInterruptedAsync("stream_malformed");
    }

    [Theory]
    [MemberData(nameof(Wholes))]
    public async Task Malformed_Whole_Is502(string path, bool stream)
    {
        AssertRefused(await AskAsync("simulator/fault-malformed", path, stream), 502, "provider_malformed_reply");
        await AssertFailedAsync("provider_malformed_reply", 502, attempts: 1);
    }

    [Theory]
    [MemberData(nameof(AnyExchange))]
    public async Task NoDone_IsTheWholeAnswerProperlyEnded(string path, bool stream)
    {
        AssertWhole(await AskAsync("simulator/fault-no-done", path, stream), path, stream);
        await AssertCompletedAsync();
    }

    [Theory]
    [MemberData(nameof(AnyExchange))]
    public async Task ContextLength_Is400(string path, bool stream)
    {
        AssertRefused(await AskAsync("simulator/fault-context-length", path, stream), 400, "context_length_exceeded");
        await AssertFailedAsync("context_length_exceeded", 400, attempts: 1);
    }

    [Theory]
    [MemberData(nameof(AnyExchange))]
    public async Task ContentFilter_Is400(string path, bool stream)
    {
        AssertRefused(await AskAsync("simulator/fault-content-filter", path, stream), 400, "content_filter");
        await AssertFailedAsync("content_filter", 400, attempts: 1);
    }

    private Task<RawReply> AskAsync(string model, string path, bool stream, string prompt = "Tell me about tides")
    {
        var provider = SimulatorFaultGateway.ProviderOf(path, stream);
        model = model.StartsWith("simulator/", StringComparison.Ordinal) ? model.Replace("simulator", provider, StringComparison.Ordinal) : $"{model}-{provider}";
        var input = path switch
        {
            "/v1/chat/completions" => $$""" "messages":[{"role":"user","content":"{{prompt}}"}] """,
            "/v1/completions" => $$""" "prompt":"{{prompt}}" """,
            _ => $$""" "input":"{{prompt}}" """,
        };
        return RawReply.PostAsync(gateway.Host, path, $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},{{input}}}""");
    }

    private static void AssertRefused(RawReply reply, int status, string code)
    {
        Assert.Equal((status, code), (reply.Status, reply.ErrorCode));
        Assert.Empty(reply.Data);
        Assert.True(reply.IsProperEnd);
    }

    private static void AssertInterrupted(RawReply reply, string code)
    {
        Assert.Equal(200, reply.Status);
        Assert.True(reply.Data.Count > 10);
        Assert.Equal(code, reply.ErrorCode);
        Assert.False(reply.HasDone);
        Assert.False(reply.IsProperEnd);
        Assert.DoesNotContain("\"finish_reason\":\"stop\"", reply.Text);
        Assert.DoesNotContain("response.completed", reply.Text);
    }

    private static void AssertWhole(RawReply reply, string path, bool stream)
    {
        Assert.Equal(200, reply.Status);
        Assert.True(reply.IsProperEnd);
        if (!stream)
        {
            Assert.True(reply.Json.TryGetProperty("usage", out _));
            return;
        }

        var isResponses = path == "/v1/responses";
        Assert.Equal(!isResponses, reply.Data[^1] == "[DONE]");
        Assert.Contains(isResponses ? "response.completed" : "\"finish_reason\":\"stop\"", reply.Text);
        if (!isResponses)
            Assert.DoesNotContain("total_tokens", reply.Text); // nobody asked for usage
    }

    private async Task<JsonElement> NewestAsync() => (await gateway.Host.LedgerAsync("?limit=1"))[0];

    private async Task AssertFailedAsync(string code, int status, int attempts)
    {
        var entry = await NewestAsync();
        Assert.Equal("failed", entry.GetProperty("outcome").GetString());
        Assert.Equal(code, entry.GetProperty("error_code").GetString());
        Assert.Equal(status, entry.GetProperty("status").GetInt32());
        Assert.Equal(attempts, entry.GetProperty("attempts").GetInt32());
        Assert.Equal(0, entry.GetProperty("cost_nano_usd").GetInt64());
    }

    private async Task AssertInterruptedAsync(string code)
    {
        var entry = await NewestAsync();
        Assert.Equal("interrupted", entry.GetProperty("outcome").GetString());
        Assert.Equal(code, entry.GetProperty("error_code").GetString());
        Assert.Equal(200, entry.GetProperty("status").GetInt32());
        Assert.True(entry.GetProperty("estimated").GetBoolean());
        Assert.InRange(entry.GetProperty("output_tokens").GetInt64(), 10, 120);
        Assert.True(entry.GetProperty("cost_nano_usd").GetInt64() > 0);
    }

    private async Task AssertCompletedAsync(int attempts = 1)
    {
        var entry = await NewestAsync();
        Assert.Equal("completed", entry.GetProperty("outcome").GetString());
        Assert.Equal(attempts, entry.GetProperty("attempts").GetInt32());
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("error_code").ValueKind);
        Assert.False(entry.GetProperty("estimated").GetBoolean());
        Assert.True(entry.GetProperty("output_tokens").GetInt64() > 10);
        Assert.True(entry.GetProperty("cost_nano_usd").GetInt64() > 0);
    }
}
