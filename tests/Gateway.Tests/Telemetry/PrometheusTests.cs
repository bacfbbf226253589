using System.Text.RegularExpressions;
using Gateway.Metering;
using Gateway.Tests.Testing;
using GatewayApi.Telemetry;

namespace Gateway.Tests.Telemetry;

public partial class PrometheusTests
{
    private const string Whole = """{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"canary-answer"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";

    private static readonly string[] Labels = ["operation", "provider", "provider_id", "model", "token_type", "reason", "outcome", "error", "le"];

    [Fact]
    public async Task Metrics_AfterReplies_NameThemByConventionAndNothingElse()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json(Whole));
        await using var gateway = await GatewayHost.StartAsync($$"""
            "providers": { "eu": { "type": "gemini", "baseUrl": "{{upstream.BaseUri}}", "apiKey": "env:UP_KEY", "paths": { "chatCompletions": "/v1/chat/completions" } } }
            """);
        using (var good = await gateway.PostAsync("/v1/chat/completions", """{"model":"eu/gemini-2.5-flash","messages":[{"role":"user","content":"canary-prompt"}],"user":"canary-user"}"""))
            Assert.True(good.IsSuccessStatusCode, await good.Content.ReadAsStringAsync());
        using (var bad = await gateway.PostAsync("/v1/chat/completions", """{"model":"canary-model/x","messages":[]}"""))
            Assert.Equal(404, (int)bad.StatusCode);

        using var response = await gateway.Client.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var text = await response.Content.ReadAsStringAsync();
        const string Series = """{operation="chat",provider="gcp.gemini",provider_id="eu",model="gemini-2.5-flash"}""";
        Assert.Contains($"gen_ai_client_operation_duration_seconds_count{Series} 1\n", text, StringComparison.Ordinal);
        Assert.Contains(Series.Replace("}", ",token_type=\"input\"}", StringComparison.Ordinal) + " 3\n", text, StringComparison.Ordinal);
        Assert.Contains("gateway_cost_usd_total" + Series, text, StringComparison.Ordinal);
        Assert.Contains("""gateway_replies_total{operation="chat",provider="none",provider_id="none",model="none",outcome="failed",error="model_not_found"} 1""", text, StringComparison.Ordinal);
        Assert.Contains("""gateway_target_attempts_total{provider_id="eu",model="gemini-2.5-flash",reason="first",outcome="completed",error=""} 1""", text, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"test\"", text, StringComparison.Ordinal); // the key's id
        Assert.Empty(LabelName().Matches(text).Select(m => m.Groups[1].Value).Except(Labels));
        foreach (var name in SampleName().Matches(text).Select(m => m.Groups[1].Value).Distinct())
            Assert.Matches("^(gen_ai_client|gateway|process)_[a-z_]+$", name);
    }

    [Fact]
    public void Series_OfMoreModelsThanTheCap_AreCountedAsOther()
    {
        using var instruments = new GatewayMetrics();
        var observers = new ReplyObservers(instruments, new PrometheusMetrics());
        var known = new HashSet<ReplySeries>();
        for (var i = 0; i < 3 * ReplySeries.Max; i++)
        {
            var entry = new LedgerEntry
            {
                Time = DateTimeOffset.UnixEpoch,
                RequestId = "r",
                KeyId = "k",
                Operation = "chat",
                RequestedModel = $"up/m-{i}",
                TargetModel = $"m-{i}",
                Provider = "up",
                ErrorCode = $"code-{i}",
                Outcome = LedgerOutcome.Failed,
            };
            known.Add(ReplySeries.Of(entry, "up", known.Count));
            observers.OnReply(entry, "up");
        }

        Assert.Equal(ReplySeries.Max + 1, known.Count);
        Assert.Contains(known, s => s is { Model: "other", Error: "other" });
    }

    [Fact]
    public void TargetSeries_OfMoreModelsThanTheCap_AreCountedAsOther()
    {
        var known = new HashSet<TargetSeries>();
        for (var i = 0; i < 3 * ReplySeries.Max; i++)
            known.Add(TargetSeries.Of(new AttemptEntry { Provider = "up", Model = $"m-{i}", Reason = "first", Outcome = "failed", ErrorCode = $"code-{i}" }, known.Count));
        Assert.Equal(ReplySeries.Max + 1, known.Count);
    }

    [Fact]
    public async Task OnReply_WithWastedAttempts_AddsThemUpByTarget()
    {
        using var instruments = new GatewayMetrics();
        var metrics = new PrometheusMetrics();
        var loser = new AttemptEntry { Provider = "a", Model = "m", Reason = "first", Outcome = "superseded", WastedNanoUsd = 2_000_000_000, DurationMicros = 1_500_000 };
        var entry = new LedgerEntry
        {
            Time = DateTimeOffset.UnixEpoch, RequestId = "r", KeyId = "k", Operation = "chat", RequestedModel = "fast", TargetModel = "n", Provider = "b", Attempts = 2,
            AttemptList = new AttemptList([loser, new AttemptEntry { Provider = "b", Model = "n", Reason = "hedge", Outcome = "completed" }]),
        };
        new ReplyObservers(instruments, metrics).OnReply(entry, "openai");
        var text = await ScrapeAsync(metrics);
        Assert.Contains("""gateway_target_attempts_total{provider_id="a",model="m",reason="first",outcome="superseded",error=""} 1""", text, StringComparison.Ordinal);
        Assert.Contains("""gateway_target_attempts_total{provider_id="b",model="n",reason="hedge",outcome="completed",error=""} 1""", text, StringComparison.Ordinal);
        Assert.Contains("""gateway_wasted_usd_total{provider_id="a",model="m"} 2""", text, StringComparison.Ordinal);
        Assert.Contains("""gateway_target_failed_seconds_sum{provider_id="a",model="m"} 1.5""", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sums_OfRepliesWithSeveralOutcomes_AddUpFromScrapeToScrape()
    {
        using var instruments = new GatewayMetrics();
        var metrics = new PrometheusMetrics();
        var observers = new ReplyObservers(instruments, metrics);
        var good = new LedgerEntry
        {
            Time = DateTimeOffset.UnixEpoch, RequestId = "r", KeyId = "k", Operation = "chat", RequestedModel = "fast", TargetModel = "m", Provider = "a", Attempts = 1,
            Outcome = LedgerOutcome.Completed, Usage = new TokenUsage { Input = 3 }, CostNanoUsd = 500_000_000,
        };
        observers.OnReply(good, "openai");
        observers.OnReply(good with { Outcome = LedgerOutcome.Interrupted, ErrorCode = "stream_cut" }, "openai");
        await ScrapeAsync(metrics);
        observers.OnReply(good, "openai");
        await ScrapeAsync(metrics);

        var text = await ScrapeAsync(metrics);
        foreach (var sample in new[]
        {
            """gen_ai_client_tokens_total{operation="chat",provider="openai",provider_id="a",model="m",token_type="input"} 9""",
            """gen_ai_client_tokens_total{operation="chat",provider="openai",provider_id="a",model="m",token_type="output"} 0""",
            """gateway_cost_usd_total{operation="chat",provider="openai",provider_id="a",model="m"} 1.5""",
            """gateway_attempts_total{operation="chat",provider="openai",provider_id="a",model="m"} 3""",
            """gateway_replies_total{operation="chat",provider="openai",provider_id="a",model="m",outcome="completed",error=""} 2""",
            """gateway_replies_total{operation="chat",provider="openai",provider_id="a",model="m",outcome="interrupted",error="stream_cut"} 1""",
            """gateway_target_attempts_total{provider_id="a",model="m",reason="first",outcome="interrupted",error="stream_cut"} 1""",
        })
            Assert.Contains(sample + "\n", text, StringComparison.Ordinal);
    }

    private static async Task<string> ScrapeAsync(PrometheusMetrics metrics)
    {
        var http = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        using var body = new MemoryStream();
        http.Response.Body = body;
        await metrics.WriteAsync(http);
        return System.Text.Encoding.UTF8.GetString(body.ToArray());
    }

    [GeneratedRegex("""[{,]([a-z_]+)=""")]
    private static partial Regex LabelName();

    [GeneratedRegex("""^([a-z_]+)[{ ]""", RegexOptions.Multiline)]
    private static partial Regex SampleName();
}
