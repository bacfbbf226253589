using System.Text;
using Gateway.Errors;
using Gateway.Routing.Health;
using Gateway.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Routing.Strategies;

/// <summary>What strategies go by is learnt from attempts, whichever way they end.</summary>
public class LearntFromTrafficTests
{
    [Fact]
    public async Task Replies_WholeAndStreamed_TeachSpeedAndHeadroom()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(upstream);
        upstream.Enqueue(
            Script.Sse(
                """{"choices":[{"index":0,"delta":{"content":"Hel"}}]}""",
                """{"choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}""",
                """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":20,"total_tokens":23}}""",
                "[DONE]"),
            Script.Json("""{"id":"x","model":"w","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""")
                .Header("x-ratelimit-limit-requests", "100").Header("x-ratelimit-remaining-requests", "40").Header("x-ratelimit-reset-requests", "1h"));
        await AskAsync(gateway, "s", stream: true);
        await AskAsync(gateway, "w", stream: false);

        var states = gateway.Services.GetRequiredService<TargetStates>();
        var streamed = states.Of("up/s");
        Assert.True(streamed.Latency is { FirstTokenMicros: > 0, TokensPerSecond: > 0 });
        var whole = states.Of("up/w");
        Assert.True(whole.Latency is { FirstTokenMicros: > 0, TokensPerSecond: null });
        Assert.InRange(whole.Headroom.RequestsLeft(whole.Time.GetTimestamp(), 1), 40, 41);
    }

    [Fact]
    public void Leave_WithoutAnAnswer_TeachesHowLongWasWaited()
    {
        var time = StrategyRig.Clock();
        var target = StrategyRig.Target("a", time);
        var answered = StrategyRig.Enter(target);
        time.Advance(TimeSpan.FromSeconds(0.3));
        StrategyRig.Answer(answered);
        StrategyRig.End(answered, 10);
        var silent = StrategyRig.Enter(target);
        time.Advance(TimeSpan.FromSeconds(10));
        silent.Fail(new GatewayError(ErrorKinds.FirstTokenTimeout, "Silent."), Gateway.Routing.Attempts.AttemptEnd.TryNext);
        target.State.Leave(silent);
        Assert.True(target.State.Latency.FirstTokenMicros > 5_000_000);
    }

    private static async Task AskAsync(GatewayHost gateway, string model, bool stream)
    {
        var body = $$"""{"model":"up/{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"hi"}]}""";
        using var response = await gateway.Client.PostAsync("/v1/chat/completions", new StringContent(body, Encoding.UTF8, "application/json"));
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsStringAsync();
    }
}
