using System.Net;
using System.Text.Json;
using Gateway.Events.Dapr;
using Gateway.Hosting;
using Gateway.Jobs.Remote;
using Gateway.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TestSidecar;

namespace Gateway.Tests.Jobs;

/// <summary>A gateway under Dapr and the jobs in a host of their own, as src/Functions has them, each with a sidecar over one Redis.</summary>
public sealed class RemoteJobsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private RedisServer _redis = null!;
    private SidecarOptions _forGateway = null!;
    private SidecarOptions _forJobs = null!;
    private Sidecar? _gatewaySidecar;
    private Sidecar? _jobsSidecar;
    private RemoteJobs _jobs = null!;
    private WebApplication _functions = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _forGateway = new SidecarOptions { Store = _redis.Address, HttpPort = Programs.FreePort(), GrpcPort = Programs.FreePort() };
        _forJobs = _forGateway with { HttpPort = Programs.FreePort(), GrpcPort = Programs.FreePort() };
        (_gatewaySidecar, _jobsSidecar) = (await Sidecar.StartAsync(_forGateway), await Sidecar.StartAsync(_forJobs));
        var variables = new Dictionary<string, string>(SidecarClient.Variables(_jobsSidecar.HttpAddress, _jobsSidecar.GrpcAddress)) { ["GATEWAY__STATE__STORE"] = "dapr", ["GATEWAY__EVENTS__BUS"] = "dapr", ["GATEWAY__STATE__TIMEOUTSECONDS"] = "30" };
        _jobs = new RemoteJobsHost(variables, TimeProvider.System, NullLoggerFactory.Instance).Create();
        _functions = await FunctionsAsync(_jobs);
        _forJobs = _forJobs with { Apps = [new AppAddress("functions", new Uri(_functions.Urls.First()))] };
        _jobsSidecar.Add(_forJobs.Apps[0]);
    }

    public async Task DisposeAsync()
    {
        await _functions.DisposeAsync();
        await _jobs.DisposeAsync();
        if (_gatewaySidecar is not null)
            await _gatewaySidecar.DisposeAsync();
        if (_jobsSidecar is not null)
            await _jobsSidecar.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Requests_SidecarsRestartedInTheMiddle_AreSummedUpOnceAndInTheBudget()
    {
        await using var gateway = await GatewayHost.StartAsync(
            """
            "state": { "store": "dapr", "timeoutSeconds": 30 }, "events": { "bus": "dapr" }, "jobs": { "host": "functions" },
            "keys": [ { "id": "test", "value": "env:TEST_KEY", "models": ["*"], "budgets": [ { "name": "month", "amount": 1000, "whenUnavailable": "allow" } ] } ]
            """,
            environment: [.. SidecarClient.Variables(_gatewaySidecar!.HttpAddress, _gatewaySidecar.GrpcAddress).Select(v => (v.Key, v.Value))]);

        await AskAsync(gateway, 25);
        await _jobsSidecar!.DisposeAsync(); // events wait in Redis
        await AskAsync(gateway, 10);
        await _gatewaySidecar.DisposeAsync(); // and then in the gateway's ledger
        await AskAsync(gateway, 10);
        _gatewaySidecar = await Sidecar.StartAsync(_forGateway);
        _jobsSidecar = await Sidecar.StartAsync(_forJobs);
        await AskAsync(gateway, 15);

        var ledger = await gateway.LedgerAsync("?limit=100");
        Assert.Equal(60, ledger.Length);
        await PublishedAsync(gateway);
        foreach (var job in new[] { "rollup-daily", "rollup-monthly", "reconcile-budgets" })
            Assert.Equal(200, (await _jobs.RunNowAsync(job, default)).Status);

        var row = await SummedUpAsync(gateway, 60);
        foreach (var sum in new[] { "input_tokens", "output_tokens", "cost_nano_usd" })
            Assert.Equal(ledger.Sum(entry => entry.GetProperty(sum).GetInt64()), row.GetProperty(sum).GetInt64());
        using var limits = JsonDocument.Parse(await gateway.Client.GetStringAsync("/v1/usage"));
        Assert.Equal(60, (await gateway.LedgerAsync("?limit=100")).Count(entry => entry.GetProperty("outcome").GetString() == "completed"));
        Assert.Equal(0, _jobsSidecar.Dropped);
    }

    [Fact]
    public async Task FireAsync_TwoHostsAtOnce_RunOnce()
    {
        var variables = SidecarClient.Variables(_jobsSidecar!.HttpAddress, _jobsSidecar.GrpcAddress);
        await using var other = new RemoteJobsHost(variables, TimeProvider.System, NullLoggerFactory.Instance).Create();
        // First heard of: they run when their time comes, not with every new deployment at once.
        Assert.Null(await _jobs.FireAsync("anchor-audit", default));
        Assert.Null(await other.FireAsync("anchor-audit", default));
        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? _jobs : other).RunNowAsync("price-staleness", default)));
        Assert.Contains(runs, run => run.Status == 200);
        Assert.All(runs, run => Assert.True(run.Status is 200 or 409));
        var listed = JsonDocument.Parse(await other.ListAsync(default)).RootElement.GetProperty("data").EnumerateArray().ToDictionary(job => job.GetProperty("name").GetString()!);
        Assert.Equal(runs.Count(run => run.Status == 200), listed["price-staleness"].GetProperty("last").GetProperty("fence").GetInt64());
        Assert.Equal("0 5 * * * *", listed["rollup-daily"].GetProperty("schedule").GetString());
        Assert.Equal(404, (await other.RunNowAsync("nothing", default)).Status);
        await Assert.ThrowsAsync<ArgumentException>(() => other.FireAsync("nothing", default));
    }

    [Theory]
    [InlineData("usage", "not json", "DROP")]
    [InlineData("usage", """{"specversion":"1.0","id":"x","type":"gateway.usage.v1","data":{}}""", "SUCCESS")] // it went to the dead letters
    [InlineData("nothing", """{"specversion":"1.0","id":"x","type":"t","data":{}}""", "RETRY")]
    public async Task DeliverAsync_WhatNobodyCanTake_IsSaidInTheSidecarsWords(string topic, string envelope, string status) =>
        Assert.Equal($$"""{"status":"{{status}}"}""", System.Text.Encoding.UTF8.GetString(await _jobs.DeliverAsync(topic, System.Text.Encoding.UTF8.GetBytes(envelope), default)));

    [Theory]
    [InlineData(null, "", "", true)]
    [InlineData(null, "X-Forwarded-For", "10.0.0.1", false)]
    [InlineData("t0ken", "", "", false)]
    [InlineData("t0ken", "dapr-api-token", "t0ke", false)]
    [InlineData("t0ken", "dapr-api-token", "t0ken", true)]
    public void Sidecar_OnlyItself_IsLetIn(string? token, string header, string value, bool allowed) =>
        Assert.Equal(allowed, new SidecarCaller(token).Allows(name => name.Equals(header, StringComparison.OrdinalIgnoreCase) ? value : null));

    private static async Task AskAsync(GatewayHost gateway, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var reply = await gateway.PostAsync("/v1/chat/completions", """{"model":"simulator/echo","messages":[{"role":"user","content":"hi"}]}""");
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            await reply.Content.ReadAsStringAsync();
        }
    }

    private static async Task PublishedAsync(GatewayHost gateway)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            using var ready = await gateway.Client.GetAsync("/health/ready", limit.Token);
            using var json = JsonDocument.Parse(await ready.Content.ReadAsStringAsync(limit.Token));
            if (json.RootElement.GetProperty("usage").GetProperty("unpublishedEntries").GetInt64() == 0)
                return;
        }
    }

    // Deliveries are under way after publication; each look is a call that waits for Redis.
    private static async Task<JsonElement> SummedUpAsync(GatewayHost gateway, long requests)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/admin/usage?group=model&from={DateTimeOffset.UtcNow.AddHours(-2):yyyy-MM-dd'T'HH':00:00Z'}&step=hour");
            request.Headers.Authorization = new("Bearer", GatewayHost.AdminKey);
            using var reply = await gateway.Client.SendAsync(request, limit.Token);
            using var json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(limit.Token));
            var rows = json.RootElement.GetProperty("data").EnumerateArray().ToList();
            if (rows.Sum(row => row.GetProperty("requests").GetInt64()) >= requests)
                return Assert.Single(rows).Clone();
        }
    }

    /// <summary>What src/Functions is to the sidecar: the subscription and the route that takes usage.</summary>
    private static async Task<WebApplication> FunctionsAsync(RemoteJobs jobs)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/dapr/subscribe", () => Results.Text("""[{"pubsubname":"pubsub","topic":"usage","route":"/dapr/events/usage"}]""", "application/json"));
        app.MapPost("/dapr/events/{topic}", async (HttpContext http, string topic) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            return Results.Bytes(await jobs.DeliverAsync(topic, body.ToArray(), http.RequestAborted), "application/json");
        });
        await app.StartAsync();
        return app;
    }
}
