using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Endpoints.Admin;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Endpoints;

/// <summary>A route whose first provider is overloaded, and callers who ask what became of their requests.</summary>
public sealed class DecisionEndpointTests : IAsyncLifetime
{
    private const string Whole = """{"id":"x","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}""";

    private ScriptedUpstream _a = null!;
    private ScriptedUpstream _b = null!;
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync()
    {
        _a = await ScriptedUpstream.StartAsync(Script.Error(503, message: "canary"));
        _b = await ScriptedUpstream.StartAsync(Script.Json(Whole));
        _gateway = await GatewayHost.StartAsync(
            $$"""
            "providers": {
              "a": { "type": "openai", "baseUrl": "{{_a.BaseUri}}", "apiKey": "env:UP_KEY" },
              "b": { "type": "openai", "baseUrl": "{{_b.BaseUri}}", "apiKey": "env:UP_KEY" }
            },
            "routes": { "two": { "targets": ["a/m", "b/m"] } },
            "teams": { "core": {} },
            "keys": [
              { "id": "test", "value": "env:TEST_KEY", "models": ["*"], "team": "core" },
              { "id": "other", "value": "env:OTHER_KEY", "models": ["nothing/*"] }
            ]
            """,
            principals: [new RoleSource()]);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task Explain_AskedFor_IsInTheReplyAndCanBeReadByWhoMay()
    {
        using var reply = await AskAsync("""{"model":"two","messages":[]}""", "my-1");
        Assert.Equal(200, (int)reply.StatusCode);
        var line = reply.Headers.GetValues("x-gateway-decision").Single();
        Assert.Matches("^route=two; 1 a/m first failed 503 provider_overloaded [0-9]+ms; 2 b/m fallback completed 200 [0-9]+ms$", line);

        var (status, record) = await ReadAsync("/v1/decisions/my-1", GatewayHost.Key);
        Assert.Equal(200, status);
        Assert.Equal("two", record.GetProperty("route").GetString());
        Assert.Equal(["a/m failed", "b/m completed"], record.GetProperty("attempts").EnumerateArray().Select(a => $"{a.GetProperty("target").GetString()} {a.GetProperty("outcome").GetString()}"));
        Assert.DoesNotContain("canary", record.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(404, (await ReadAsync("/v1/decisions/my-1", GatewayHost.OtherKey)).Status);
        Assert.Equal(404, (await ReadAsync("/v1/decisions/my-2", GatewayHost.Key)).Status);
        Assert.Equal(401, (await ReadAsync("/v1/decisions/my-1", "gw-nobody")).Status);

        Assert.Equal(200, (await ReadAsync("/admin/decisions/my-1", GatewayHost.AdminKey)).Status);
        Assert.Equal(200, (await ReadAsync("/admin/decisions/my-1?key=test", GatewayHost.AdminKey)).Status);
        Assert.Equal(404, (await ReadAsync("/admin/decisions/my-1?key=other", GatewayHost.AdminKey)).Status);
        Assert.Equal(200, (await ReadAsync("/admin/decisions/my-1", null, "team-admin")).Status);
        Assert.Equal(404, (await ReadAsync("/admin/decisions/my-1", null, "developer")).Status);
        Assert.Equal(401, (await ReadAsync("/admin/decisions/my-1", GatewayHost.Key)).Status);

        var entry = Assert.Single(await _gateway.LedgerAsync("?route=two"));
        Assert.Equal(["failed", "completed"], entry.GetProperty("attempt_list").GetProperty("list").EnumerateArray().Select(a => a.GetProperty("outcome").GetString()));
        Assert.Equal(("b", 2), (entry.GetProperty("provider").GetString(), entry.GetProperty("attempts").GetInt32()));
        Assert.Equal(entry.GetProperty("cost_nano_usd").GetInt64(), entry.GetProperty("attempt_list").GetProperty("list")[1].GetProperty("cost_nano_usd").GetInt64());
        Assert.Empty(await _gateway.LedgerAsync("?arm=none"));

        var metrics = await _gateway.Client.GetStringAsync("/metrics");
        Assert.Contains("""gateway_target_attempts_total{provider_id="a",model="m",reason="first",outcome="failed",error="provider_overloaded"} 1""", metrics, StringComparison.Ordinal);
        Assert.Contains("""gateway_target_attempts_total{provider_id="b",model="m",reason="fallback",outcome="completed",error=""} 1""", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_OfAStream_IsACommentBeforeItsEnd()
    {
        _b.Default = Script.Stream().Write(OpenAiStreams.Chat("usage"));
        using var reply = await AskAsync("""{"model":"two","stream":true,"messages":[]}""", "my-1");
        Assert.Contains("2 b/m fallback under_way", reply.Headers.GetValues("x-gateway-decision").Single(), StringComparison.Ordinal);
        var blocks = (await reply.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", blocks[^1]);
        Assert.Matches("^: gateway x-gateway-decision=route=two; 1 a/m first failed 503 provider_overloaded [0-9]+ms; 2 b/m fallback completed 200 [0-9]+ms$", blocks[^2]);
        Assert.Equal(200, (await ReadAsync("/v1/decisions/my-1", GatewayHost.Key)).Status);
    }

    [Fact]
    public async Task Explain_OfAnErrorAndOfAnUnknownModel_IsTold()
    {
        _b.Default = Script.Error(400, "my_code");
        using var refused = await AskAsync("""{"model":"two","messages":[]}""", "my-1");
        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Contains("2 b/m fallback failed 400 my_code", refused.Headers.GetValues("x-gateway-decision").Single(), StringComparison.Ordinal);
        using var unknown = await AskAsync("""{"model":"nowhere/m","messages":[]}""", "my-2");
        Assert.Equal("route=-", unknown.Headers.GetValues("x-gateway-decision").Single());
        Assert.Equal("model_not_found", (await ReadAsync("/v1/decisions/my-2", GatewayHost.Key)).Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Explain_OfARouteThatTheKeyMayNotUse_DoesNotSayThatItIsThere()
    {
        var lines = new List<string>();
        foreach (var model in new[] { "two", "three" })
        {
            using var reply = await AskAsync($$"""{"model":"{{model}}","messages":[]}""", "my-" + model, key: GatewayHost.OtherKey);
            Assert.Equal(404, (int)reply.StatusCode);
            lines.Add(reply.Headers.GetValues("x-gateway-decision").Single());
        }

        Assert.Equal(["route=-", "route=-"], lines);
        Assert.Equal(JsonValueKind.Null, (await ReadAsync("/v1/decisions/my-two", GatewayHost.OtherKey)).Json.GetProperty("route").ValueKind);
        Assert.All(await _gateway.LedgerAsync(), entry => Assert.Equal(JsonValueKind.Null, entry.GetProperty("route").ValueKind));
    }

    [Fact]
    public async Task Explain_NotAskedFor_IsNeitherToldNorKept()
    {
        using var reply = await AskAsync("""{"model":"two","messages":[]}""", "my-1", explain: null);
        Assert.False(reply.Headers.Contains("x-gateway-decision"));
        Assert.Equal(404, (await ReadAsync("/v1/decisions/my-1", GatewayHost.Key)).Status);
        Assert.False((await _b.WaitForRequestAsync()).Headers.ContainsKey("x-gateway-explain"));
    }

    private async Task<HttpResponseMessage> AskAsync(string body, string id, string? explain = "1", string key = GatewayHost.Key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("x-request-id", id);
        if (explain is not null)
            request.Headers.Add("x-gateway-explain", explain);
        return await _gateway.Client.SendAsync(request);
    }

    private async Task<(int Status, JsonElement Json)> ReadAsync(string path, string? key, string? role = null)
    {
        using var client = new HttpClient { BaseAddress = _gateway.BaseUri };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (role is not null)
            request.Headers.Add(RoleSource.Header, role);
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
