using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Surfaces;

/// <summary>GET /admin/ledger for the administrator, GET /v1/usage for a key's own.</summary>
public sealed class LedgerEndpointTests(SimulatorGateway gateway) : IClassFixture<SimulatorGateway>, IAsyncLifetime
{
    private const int Entries = 12;

    public async Task InitializeAsync()
    {
        // Once for the class: eight of the first key, four of the second, two of which fail.
        if ((await gateway.Host.LedgerAsync("?limit=1")).Length > 0)
            return;
        for (var i = 0; i < Entries; i++)
        {
            var model = i % 6 == 2 ? "none-such" : "simulator/echo";
            using var response = await SendAsync(
                HttpMethod.Post, "/v1/chat/completions", i % 3 == 2 ? GatewayHost.OtherKey : GatewayHost.Key,
                $$"""{"model":"{{model}}","messages":[{"role":"user","content":"number {{i}}"}]}""", $"req-{i}");
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(null, "missing_api_key")]
    [InlineData(GatewayHost.Key, "invalid_api_key")]
    [InlineData("gw-wrong", "invalid_api_key")]
    public async Task Ledger_NotTheAdminKey_Is401(string? key, string code)
    {
        var reply = await RawReply.ReadAsync(await SendAsync(HttpMethod.Get, "/admin/ledger", key));

        Assert.Equal((401, code), (reply.Status, reply.ErrorCode));
    }

    [Fact]
    public async Task Usage_TheAdminKeyOrNone_Is401()
    {
        Assert.Equal(401, (await RawReply.ReadAsync(await SendAsync(HttpMethod.Get, "/v1/usage", null))).Status);
        Assert.Equal(401, (await RawReply.ReadAsync(await SendAsync(HttpMethod.Get, "/v1/usage", GatewayHost.AdminKey))).Status);
        Assert.Equal(401, (await RawReply.ReadAsync(await SendAsync(HttpMethod.Get, "/v1/usage", GatewayHost.DisabledKey))).Status);
    }

    [Theory]
    [InlineData("?key=other", 4)]
    [InlineData("?key=test", 8)]
    [InlineData("?key=nobody", 0)]
    [InlineData("?outcome=failed", 2)]
    [InlineData("?outcome=completed&key=other", 2)]
    [InlineData("?model=none-such", 2)]
    [InlineData("?provider=simulator", 10)]
    [InlineData("?request_id=req-3", 1)]
    [InlineData("?to=2020-01-01T00:00:00Z", 0)]
    [InlineData("?from=2020-01-01T00:00:00Z", Entries)]
    public async Task Ledger_Filter_ShowsWhatMatches(string query, int expected) =>
        Assert.Equal(expected, (await gateway.Host.LedgerAsync(query)).Length);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(12)]
    public async Task Ledger_Paging_ReachesTheEndWithoutDuplicates(int limit)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await GetAsync($"/admin/ledger?limit={limit}" + (cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor)))).Json;
            ids.AddRange(page.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("request_id").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString();
            // Replies that come in meanwhile are newer than any page to come.
            using var another = await SendAsync(HttpMethod.Post, "/v1/chat/completions", GatewayHost.DisabledKey, "{}");
        }
        while (cursor is not null && ids.Count <= Entries);

        Assert.Equal(Enumerable.Range(0, Entries).Reverse().Select(i => $"req-{i}"), ids);
    }

    [Fact]
    public async Task Ledger_Csv_HasTheSameRowsAndTheCursor()
    {
        using var response = await SendAsync(HttpMethod.Get, "/admin/ledger?format=csv&limit=5", GatewayHost.AdminKey);
        var lines = (await response.Content.ReadAsStringAsync()).Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries);
        var json = (await GetAsync("/admin/ledger?limit=5")).Json;

        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(6, lines.Length);
        var column = Array.IndexOf(lines[0].Split(','), "request_id");
        Assert.Equal(
            json.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("request_id").GetString()),
            lines[1..].Select(line => line.Split(',')[column]));
        Assert.Equal(json.GetProperty("next_cursor").GetString(), Assert.Single(response.Headers.GetValues("x-next-cursor")));
    }

    [Theory]
    [InlineData("/admin/ledger?modle=x", "modle")]
    [InlineData("/admin/ledger?limit=0", "limit")]
    [InlineData("/admin/ledger?limit=1001", "limit")]
    [InlineData("/admin/ledger?limit=1&limit=2", "limit")]
    [InlineData("/admin/ledger?outcome=fine", "outcome")]
    [InlineData("/admin/ledger?outcome=1", "outcome")]
    [InlineData("/admin/ledger?from=yesterday", "from")]
    [InlineData("/admin/ledger?cursor=made-up", "cursor")]
    [InlineData("/admin/ledger?format=xml", "format")]
    [InlineData("/v1/usage?key=other", "key")]
    [InlineData("/v1/usage?to=never", "to")]
    public async Task Query_NotUnderstood_Is400NamingTheParameter(string path, string parameter)
    {
        var key = path.StartsWith("/admin", StringComparison.Ordinal) ? GatewayHost.AdminKey : GatewayHost.Key;

        var reply = await RawReply.ReadAsync(await SendAsync(HttpMethod.Get, path, key));

        Assert.Equal((400, "invalid_parameter"), (reply.Status, reply.ErrorCode));
        var json = reply.Json;
        Assert.Equal(parameter, path.StartsWith("/admin", StringComparison.Ordinal)
            ? json.GetProperty("errors")[0].GetProperty("path").GetString()
            : json.GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task Usage_AKey_SeesItsOwnOnly()
    {
        var own = (await RawReply.ReadAsync(await SendAsync(HttpMethod.Get, "/v1/usage", GatewayHost.OtherKey))).Json;
        var entries = await gateway.Host.LedgerAsync("?key=other");

        Assert.Equal("other", own.GetProperty("key_id").GetString());
        Assert.Equal(4, own.GetProperty("requests").GetInt64());
        Assert.Equal(["none-such", "simulator/echo"], own.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("model").GetString()!));
        Assert.Equal(entries.Sum(entry => entry.GetProperty("cost_nano_usd").GetInt64()), own.GetProperty("cost_nano_usd").GetInt64());
        Assert.Equal(
            entries.Sum(entry => entry.GetProperty("output_tokens").GetInt64()),
            own.GetProperty("models").EnumerateArray().Sum(model => model.GetProperty("output_tokens").GetInt64()));
    }

    [Fact]
    public async Task Usage_ASpanWithoutReplies_IsEmpty()
    {
        var none = (await RawReply.ReadAsync(await SendAsync(HttpMethod.Get, "/v1/usage?to=2020-01-01T00:00:00Z", GatewayHost.Key))).Json;

        Assert.Equal(0, none.GetProperty("requests").GetInt64());
        Assert.Equal(0, none.GetProperty("models").GetArrayLength());
    }

    private async Task<RawReply> GetAsync(string path) => await RawReply.ReadAsync(await SendAsync(HttpMethod.Get, path, GatewayHost.AdminKey));

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key, string? json = null, string? requestId = null)
    {
        using var client = new HttpClient { BaseAddress = gateway.Host.BaseUri };
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (requestId is not null)
            request.Headers.Add("x-request-id", requestId);
        if (json is not null)
            request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        return await client.SendAsync(request);
    }
}
