using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Gateway.Routing.Health;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Routing.Health;

/// <summary>Whole gateways in front of upstreams that fail for a while, or never answer.</summary>
public class FlapTests
{
    private const string Ok = """{"id":"x","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""";

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(0)]
    public async Task Outage_OfAMinute_IsServedByTheFallbackAndOverWithinHalfAMinute(int status)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var a = await ScriptedUpstream.StartAsync(Script.Json(Ok), time);
        await using var b = await ScriptedUpstream.StartAsync(Script.Json(Ok), time);
        await using var gateway = await GatewayHost.StartAsync(Configuration(a, b), time);
        for (var i = 0; i < 5; i++)
            Assert.Equal((HttpStatusCode.OK, "a"), await CallAsync());

        a.Default = status == 0 ? Script.Reply(200, "application/json").Write("not a reply") : Script.Error(status);
        var before = a.Exchanges.Count;
        for (var i = 0; i < 15; i++)
            Assert.Equal((HttpStatusCode.OK, "b"), await CallAsync());
        Assert.InRange(a.Exchanges.Count - before, 3, 10); // those that opened the circuit, and a trial now and then

        a.Default = Script.Json(Ok);
        var back = 0;
        while ((await CallAsync()).By != "a")
            Assert.InRange(++back, 1, 7);
        for (var i = 0; i < 5; i++)
            Assert.Equal((HttpStatusCode.OK, "a"), await CallAsync());

        async Task<(HttpStatusCode Status, string By)> CallAsync()
        {
            time.Advance(Step);
            var (calls, other) = (a.Exchanges.Count, b.Exchanges.Count);
            using var response = await PostAsync(gateway, "two");
            return (response.StatusCode, b.Exchanges.Count > other ? "b" : a.Exchanges.Count > calls ? "a" : "nobody");
        }
    }

    [Fact]
    public async Task Outage_OfTheOnlyTarget_SaysWhenToComeBack()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var a = await ScriptedUpstream.StartAsync(Script.Error(504), time);
        await using var gateway = await GatewayHost.StartAsync(Configuration(a, a), time);
        for (var i = 0; i < 3; i++)
        {
            using var failed = await PostAsync(gateway, "one");
            Assert.Equal(HttpStatusCode.GatewayTimeout, failed.StatusCode);
        }

        using var refused = await PostAsync(gateway, "one");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("targets_unavailable", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 2);
        Assert.Equal(3, a.Exchanges.Count);

        using var shown = await AdminAsync(gateway, "/admin/targets?circuit=open");
        var target = shown.RootElement.GetProperty("data").EnumerateArray().Single();
        Assert.Equal(("a/m", "open", "consecutive", "provider_timeout", 1), (target.GetProperty("target").GetString(), target.GetProperty("circuit").GetString(), target.GetProperty("cause").GetString(), target.GetProperty("lastError").GetString(), target.GetProperty("trips").GetInt32()));
        using var ready = await gateway.Client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        var metrics = await gateway.Client.GetStringAsync("/metrics");
        Assert.Contains("gateway_targets_circuit{provider_id=\"a\",model=\"m\"} 1\n", metrics, StringComparison.Ordinal);

        // It has nowhere else to go: it tries before a trial is due, and finds the target well again.
        a.Default = Script.Json(Ok);
        time.Advance(Circuit.ShortestWait);
        using var served = await PostAsync(gateway, "one");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Provider_ThatHangsAllItsCalls_LeavesTheOthersAlone()
    {
        await using var slow = await ScriptedUpstream.StartAsync(Script.Silence());
        await using var fast = await ScriptedUpstream.StartAsync(Script.Json(Ok));
        await using var gateway = await GatewayHost.StartAsync(Configuration(slow, fast));
        gateway.Get<TargetStates>().Of("a/m").MaxConcurrency = 20;
        using (var first = await PostAsync(gateway, "b/m"))
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var gone = new CancellationTokenSource();
        var hanging = Enumerable.Range(0, 200).Select(_ => PostAsync(gateway, "one", gone.Token)).ToList();
        await slow.WaitForRequestAsync(20);

        List<double> latencies = [];
        for (var i = 0; i < 100; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using var response = await PostAsync(gateway, "b/m");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        latencies.Sort();
        Assert.InRange(latencies[50], 0, 250);
        Assert.Equal(20, slow.Exchanges.Count); // the others were refused after a moment
        var refused = 0;
        while (refused < 180)
        {
            var ended = await Task.WhenAny(hanging);
            hanging.Remove(ended);
            using var response = await ended;
            Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (response.StatusCode, response.Headers.RetryAfter is not null));
            refused++;
        }

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(hanging));
    }

    private static string Configuration(ScriptedUpstream a, ScriptedUpstream b) => $$"""
        "providers": {
          "a": { "type": "openai", "baseUrl": "{{a.BaseUri}}", "apiKey": "env:UP_KEY" },
          "b": { "type": "openai", "baseUrl": "{{b.BaseUri}}", "apiKey": "env:UP_KEY" }
        },
        "routes": { "one": { "targets": ["a/m"] }, "two": { "targets": ["a/m", "b/m"] } }
        """;

    private static Task<HttpResponseMessage> PostAsync(GatewayHost gateway, string model, CancellationToken cancellation = default) =>
        gateway.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}]}""", cancellation);

    private static async Task<JsonDocument> AdminAsync(GatewayHost gateway, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", GatewayHost.AdminKey);
        using var response = await gateway.Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync());
    }
}
