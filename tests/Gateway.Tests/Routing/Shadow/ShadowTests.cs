using System.Text.Json;
using Gateway.Admission;
using Gateway.Budgets;
using Gateway.Metering;
using Gateway.Routing.Shadow;
using Gateway.Tests.Routing.Attempts;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing.Shadow;

public sealed class ShadowTests
{
    private const string Ask = """{"model":"up/m","user":"ann","messages":[{"role":"user","content":"hi"}],"max_tokens":5}""";

    private const string Models = """ "models": { "up/m": { "inputPerMtok": 1, "outputPerMtok": 1 }, "up/s": { "inputPerMtok": 10, "outputPerMtok": 10 } } """;

    [Fact]
    public async Task Request_Mirrored_IsSentAgainAndRecordedAsAShadowThatNoBudgetOfTheCallerCounts()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json(AttemptFixture.Ok));
        await using var gateway = await StartAsync(upstream, budget: 1);
        var limit = LimitedKey.Budget(1_000_000_000);
        gateway.SetLimits(limit);
        using (var reply = await gateway.PostAsync("/v1/chat/completions", Ask))
            Assert.Equal("m", reply.Headers.GetValues("x-gateway-model").Single());
        var entries = await EntriesAsync(gateway, 2);

        var shadow = Assert.Single(entries, e => e.GetProperty("operation").GetString() == "shadow");
        var own = Assert.Single(entries, e => e.GetProperty("operation").GetString() == "chat");
        Assert.Equal(("s", "test"), (shadow.GetProperty("target_model").GetString(), shadow.GetProperty("key_id").GetString()));
        Assert.Equal((4_000L, 40_000L), (own.GetProperty("cost_nano_usd").GetInt64(), shadow.GetProperty("cost_nano_usd").GetInt64()));
        Assert.Equal(limit.Amount - 4_000, gateway.Remaining(limit));
        Assert.Equal((1, 0), (gateway.Get<ShadowQueue>().Sent, gateway.Get<ShadowQueue>().Dropped));

        // Sums of what was spent, which outlive the process, keep the two apart as well.
        var spending = new LedgerSpending(gateway.Get<Ledger>());
        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal(4_000, Total(await spending.UsedAsync(limit, LimitPeriod.At(limit, now), earlier: false, now, default)));
        var rule = limit with { Scope = LimitScope.Rule, OwnerId = "mirror" };
        Assert.Equal(40_000, Total(await spending.UsedAsync(rule, LimitPeriod.At(rule, now), earlier: false, now, default)));
    }

    [Fact]
    public async Task Request_MirroredStream_IsReadToItsEnd()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Sse(
            """{"id":"x","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"hi"},"finish_reason":null}]}""",
            """{"id":"x","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
            """{"id":"x","model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""",
            "[DONE]"));
        await using var gateway = await StartAsync(upstream, budget: 1);
        using (var reply = await gateway.PostAsync("/v1/chat/completions", Ask.Replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"", StringComparison.Ordinal)))
            Assert.Contains("[DONE]", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var entries = await EntriesAsync(gateway, 2);
        var shadow = Assert.Single(entries, e => e.GetProperty("operation").GetString() == "shadow");
        Assert.Equal(("completed", 40_000L), (shadow.GetProperty("outcome").GetString(), shadow.GetProperty("cost_nano_usd").GetInt64()));
    }

    [Fact]
    public async Task Request_ShadowFails_TheCallerDoesNotNotice()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Handle(exchange =>
        {
            exchange.Context.Response.StatusCode = exchange.BodyText.Contains("\"s\"", StringComparison.Ordinal) ? 500 : 200;
            exchange.Context.Response.ContentType = "application/json";
            return exchange.Context.Response.BodyWriter.WriteAsync(System.Text.Encoding.UTF8.GetBytes(AttemptFixture.Ok)).AsTask();
        }));
        await using var gateway = await StartAsync(upstream, budget: 1);
        using (var reply = await gateway.PostAsync("/v1/chat/completions", Ask))
            Assert.True(reply.IsSuccessStatusCode);
        var entries = await EntriesAsync(gateway, 2);
        var shadow = Assert.Single(entries, e => e.GetProperty("operation").GetString() == "shadow");
        Assert.Equal(("failed", 1), (shadow.GetProperty("outcome").GetString(), shadow.GetProperty("attempts").GetInt32()));
        Assert.Equal(2, upstream.Exchanges.Count);
    }

    [Fact]
    public async Task Request_BudgetOfTheRuleIsSpent_IsNotMirrored()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json(AttemptFixture.Ok));
        await using var gateway = await StartAsync(upstream, budget: 0.000001m);
        using (var reply = await gateway.PostAsync("/v1/chat/completions", Ask))
            Assert.True(reply.IsSuccessStatusCode);
        await UntilAsync(() => Task.FromResult(gateway.Get<ShadowQueue>().Dropped == 1));
        Assert.Single(upstream.Exchanges);
    }

    [Fact]
    public async Task Request_KeyMayNotUseTheTarget_IsNotMirrored()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Json(AttemptFixture.Ok));
        await using var gateway = await StartAsync(upstream, budget: 1, target: "other/s");
        var hasher = gateway.Get<KeyHasher>();
        gateway.Get<KeyRingHolder>().Current = new KeyRing(hasher, [new VirtualKey { Id = "test", Name = "test", Hash = hasher.Hash(GatewayHost.Key), Models = ["*"], Providers = [["up"]] }]);
        using (var reply = await gateway.PostAsync("/v1/chat/completions", Ask))
            Assert.True(reply.IsSuccessStatusCode);
        var queue = gateway.Get<ShadowQueue>();
        await UntilAsync(() => Task.FromResult(queue.Dropped + queue.Sent == 1));
        Assert.Equal((1, 1), (queue.Dropped, upstream.Exchanges.Count));
    }

    private static Task<GatewayHost> StartAsync(ScriptedUpstream upstream, decimal budget, string target = "up/s") => GatewayHost.StartAsync(string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $$"""
        "providers": {
          "up": { "type": "openai", "baseUrl": "{{upstream.BaseUri}}", "apiKey": "env:UP_KEY" },
          "other": { "type": "openai", "baseUrl": "{{upstream.BaseUri}}", "apiKey": "env:UP_KEY" }
        },
        "rules": [ { "name": "mirror", "shadow": { "target": "{{target}}", "budgetUsdPerDay": {{budget}} } } ], {{Models}}
        """));

    private static long Total(IReadOnlyDictionary<long, long> used) => used.Values.Sum();

    private static async Task<JsonElement[]> EntriesAsync(GatewayHost gateway, int count)
    {
        JsonElement[] entries = [];
        await UntilAsync(async () => (entries = await gateway.LedgerAsync()).Length >= count);
        return entries;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
