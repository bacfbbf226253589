using Gateway.Tests.Testing;

namespace Gateway.Tests.Admission;

public class OverloadStageTests
{
    private const string Ask = """{"model":"up/m","messages":[]}""";
    private const string Ok = """{"choices":[{"index":0,"finish_reason":"stop"}]}""";

    [Fact]
    public async Task Requests_AboveTheLimit_AreShedAndServedAgainAfter()
    {
        var release = new TaskCompletionSource();
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Reply(200, "application/json").Wait(release.Task).Write(Ok));
        await using var gateway = await GatewayHost.StartAsync(upstream, """ "limits": { "maxConcurrentRequests": 2, "maxQueuedRequests": 0 } """);
        var first = gateway.PostAsync("/v1/chat/completions", Ask);
        var second = gateway.PostAsync("/v1/chat/completions", Ask);
        await upstream.WaitForRequestAsync(2);

        using (var shed = await gateway.PostAsync("/v1/chat/completions", Ask))
        {
            Assert.Equal(503, (int)shed.StatusCode);
            Assert.Equal("1", shed.Headers.GetValues("Retry-After").Single());
            Assert.Contains("\"gateway_overloaded\"", await shed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        release.SetResult();
        Assert.Equal(200, (int)(await first).StatusCode);
        Assert.Equal(200, (int)(await second).StatusCode);
        using var after = await gateway.PostAsync("/v1/chat/completions", Ask);
        Assert.Equal(200, (int)after.StatusCode);
        Assert.Equal(3, upstream.Exchanges.Count);
        var overload = gateway.Get<Gateway.Admission.OverloadStage>();
        await WaitAsync(() => overload is { Requests: 0, Bytes: 0 });
    }

    [Fact]
    public async Task Bytes_AboveTheLimit_AreShedAndServedAgainAfter()
    {
        var release = new TaskCompletionSource();
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Reply(200, "application/json").Wait(release.Task).Write(Ok));
        await using var gateway = await GatewayHost.StartAsync(upstream, """ "limits": { "maxBytesInFlight": 1048576, "maxRequestBytes": 1000000 } """);
        var large = "{\"model\":\"up/m\",\"x\":\"" + new string('x', 600_000) + "\"}";
        var first = gateway.PostAsync("/v1/chat/completions", large);
        await upstream.WaitForRequestAsync();
        using (var shed = await gateway.PostAsync("/v1/chat/completions", large))
            Assert.Equal(503, (int)shed.StatusCode);
        release.SetResult();
        Assert.Equal(200, (int)(await first).StatusCode);
        using var after = await gateway.PostAsync("/v1/chat/completions", large);
        Assert.Equal(200, (int)after.StatusCode);
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
