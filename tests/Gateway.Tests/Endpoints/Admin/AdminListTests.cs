using System.Text;
using System.Text.Json;
using Gateway.Audit;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Endpoints.Admin;

/// <summary>Limits, configuration, prices and the audit log through the admin API.</summary>
public sealed class AdminListTests(AdminGateway gateway) : IClassFixture<AdminGateway>
{
    [Fact]
    public async Task Limits_AfterARequest_SayWhatIsUsedAndLeft()
    {
        await gateway.CallAsync("PUT", "/admin/teams/spent", """{"models":["*"],"maxParallel":4,"budgets":[{"name":"count","unit":"requests","amount":8},{"name":"month","amount":2.5}]}""");
        var key = (await gateway.CallAsync("PUT", "/admin/keys/spender", """{"team":"spent"}""")).Json.GetProperty("value").GetString()!;
        await UseAsync(key);
        // What was used is held until it has been reported.
        await gateway.Host.Get<Gateway.Budgets.AllowanceBook>().UpkeepAsync();

        var all = await DataAsync("/admin/limits?team=spent");
        var budgets = await DataAsync("/admin/budgets?team=spent");

        Assert.Equal(["team:spent:count", "team:spent:maxParallel", "team:spent:month"], all.Select(l => l.GetProperty("id").GetString()!));
        Assert.Equal(["count", "month"], budgets.Select(l => l.GetProperty("name").GetString()!));
        var count = budgets[0];
        Assert.Equal(("requests", 8m), (count.GetProperty("unit").GetString(), count.GetProperty("amount").GetDecimal()));
        Assert.True(count.GetProperty("used").GetDecimal() + count.GetProperty("held").GetDecimal() >= 1);
        Assert.Equal(8, count.GetProperty("used").GetDecimal() + count.GetProperty("held").GetDecimal() + count.GetProperty("remaining").GetDecimal());
        Assert.Equal(("usd", 2.5m), (budgets[1].GetProperty("unit").GetString(), budgets[1].GetProperty("amount").GetDecimal()));
        Assert.Equal(JsonValueKind.Null, all[1].GetProperty("windowEnd").ValueKind);
        Assert.True(count.GetProperty("windowStart").GetDateTime() < count.GetProperty("windowEnd").GetDateTime());
        Assert.Empty(await DataAsync("/admin/limits?key=spender"));
        Assert.Single(await DataAsync("/admin/limits?team=spent&cursor=team:spent:maxParallel"));
        Assert.DoesNotContain("spent", (await gateway.CallAsync("GET", "/admin/limits", null, "developer")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_OneHasRun_SayHowItWent()
    {
        var run = await gateway.CallAsync("POST", "/admin/jobs/price-staleness/run");
        var jobs = (await gateway.CallAsync("GET", "/admin/jobs")).Json.GetProperty("data").EnumerateArray().ToList();

        Assert.All(jobs, job => Assert.Equal(["name", "last"], job.EnumerateObject().Select(m => m.Name)));
        Assert.Equal(run.Text, jobs.Single(job => job.GetProperty("name").ValueEquals("price-staleness")).GetProperty("last").GetRawText());
        Assert.Contains(jobs, job => job.GetProperty("last").ValueKind == JsonValueKind.Null); // these come with their time
    }

    [Fact]
    public async Task ProvidersRoutesPrices_AsTheyServe_WithoutSecrets()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Script.Handle(_ => Task.CompletedTask));
        var own = await GatewayHost.StartAsync(upstream, """ "routes": { "fast": { "targets": ["up/gpt-4o"] }, "smart": { "groups": [ { "strategy": "weighted", "targets": ["up/a", { "target": "up/b", "weight": 2 }] }, { "targets": ["up/c"] } ] } } """, """ "headers": { "x-secret": "env:UP_KEY" } """);
        await using var host = own;
        own.Client.DefaultRequestHeaders.Authorization = new("Bearer", GatewayHost.AdminKey);

        var providers = await own.Client.GetStringAsync("/admin/providers");
        var routes = JsonDocument.Parse(await own.Client.GetStringAsync("/admin/routes")).RootElement.GetProperty("data");
        var prices = JsonDocument.Parse(await own.Client.GetStringAsync("/admin/prices?limit=200")).RootElement;

        Assert.Contains("\"id\":\"up\"", providers, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-upstream-secret", providers, StringComparison.Ordinal);
        Assert.Equal("fast", routes[0].GetProperty("name").GetString());
        Assert.Equal("up/gpt-4o", routes[0].GetProperty("targets")[0].GetString());
        var groups = routes[1].GetProperty("groups");
        Assert.Equal(("weighted", 2), (groups[0].GetProperty("strategy").GetString(), groups[0].GetProperty("targets")[1].GetProperty("weight").GetInt32()));
        Assert.Equal(("up/c", 4), (groups[1].GetProperty("targets")[0].GetString(), routes[1].GetProperty("attempts").GetProperty("max").GetInt32()));
        var price = prices.GetProperty("data").EnumerateArray().First(p => p.GetProperty("model").ValueEquals("gpt-4o"));
        Assert.True(price.GetProperty("inputUsdPerMtok").GetDecimal() > 0);
        Assert.StartsWith("catalogue:", price.GetProperty("version").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_ListExportVerify_AreTheSameLog()
    {
        await gateway.CallAsync("PUT", "/admin/customers/audited", """{"name":"A"}""");
        await gateway.CallAsync("PUT", "/admin/customers/audited", """{"name":"B"}""", "admin");

        var newest = (await DataAsync("/admin/audit?limit=1"))[0];
        Assert.Equal("test:admin", newest.GetProperty("body").GetProperty("actor").GetString());
        var sequences = new List<long>();
        for (var path = "/admin/audit?limit=2"; path is not null;)
        {
            var page = (await gateway.CallAsync("GET", path)).Json;
            sequences.AddRange(page.GetProperty("data").EnumerateArray().Select(r => r.GetProperty("sequence").GetInt64()));
            path = page.GetProperty("next_cursor").GetString() is { } cursor ? "/admin/audit?limit=2&cursor=" + cursor : null;
        }

        Assert.Equal(Enumerable.Range(1, sequences.Count).Reverse().Select(i => (long)i), sequences);
        var export = (await gateway.CallAsync("GET", "/admin/audit/export")).Text;
        var offline = await AuditVerifier.VerifyAsync(new MemoryStream(Encoding.UTF8.GetBytes(export)), AuditAnchors.None);
        Assert.Null(offline.Finding);
        var anchor = Encoding.UTF8.GetString(offline.Head!.ToJson());
        var online = (await gateway.CallAsync("POST", "/admin/audit/verify", anchor)).Json;
        Assert.True(online.GetProperty("clean").GetBoolean());
        Assert.Equal(1, online.GetProperty("anchors").GetInt32());
        var other = anchor.Replace(Convert.ToBase64String(offline.Head.Hash), Convert.ToBase64String(new byte[32]), StringComparison.Ordinal);
        var finding = (await gateway.CallAsync("POST", "/admin/audit/verify", other)).Json;
        Assert.False(finding.GetProperty("clean").GetBoolean());
        Assert.Contains("anchored", finding.GetProperty("finding").GetString(), StringComparison.Ordinal);
    }

    private async Task<JsonElement[]> DataAsync(string path) => [.. (await gateway.CallAsync("GET", path)).Json.GetProperty("data").EnumerateArray()];

    private async Task UseAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"simulator/echo","max_tokens":20,"messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", key);
        using var response = await gateway.Host.Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
