using System.Text;
using System.Text.Json;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing.Attempts;

/// <summary>Pauses and keys as a whole gateway takes them: what the client saw, and what the provider saw.</summary>
public sealed class AttemptTurnsTests : IAsyncLifetime
{
    private ScriptedUpstream _upstream = null!;

    public async Task InitializeAsync() => _upstream = await ScriptedUpstream.StartAsync(Script.Json(AttemptFixture.Ok));

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pause_ClientLeaves_NobodyIsCalledAgain(bool stream)
    {
        _upstream.Enqueue(Script.Error(429).Header("Retry-After", "9"));
        await using var gateway = await GatewayHost.StartAsync(_upstream);
        using var leave = new CancellationTokenSource();
        var pending = gateway.PostAsync("/v1/chat/completions", $$"""{"model":"up/m","messages":[],"stream":{{(stream ? "true" : "false")}}}""", leave.Token);
        await (await _upstream.WaitForRequestAsync()).Finished.WaitAsync(TimeSpan.FromSeconds(30));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        JsonElement[] entries;
        while ((entries = await gateway.LedgerAsync("?limit=1")).Length == 0)
            await Task.Yield();
        Assert.Equal("aborted", entries[0].GetProperty("outcome").GetString());
        Assert.Equal(1, entries[0].GetProperty("attempts").GetInt32());
        Assert.Single(_upstream.Exchanges);
    }

    [Theory]
    [InlineData(401, null)]
    [InlineData(402, null)]
    [InlineData(403, null)]
    [InlineData(429, "60")]
    public async Task Key_Refused_AnotherIsUsedAndOtherRequestsLeaveItAlone(int status, string? retryAfter)
    {
        _upstream.Default = Script.Handle(async exchange =>
        {
            var response = exchange.Context.Response;
            var isRefused = exchange.Headers.Authorization == "Bearer sk-a";
            (response.StatusCode, response.ContentType) = (isRefused ? status : 200, "application/json");
            if (isRefused && retryAfter is not null)
                response.Headers.RetryAfter = retryAfter;
            await response.Body.WriteAsync(isRefused ? "{}"u8.ToArray() : Encoding.UTF8.GetBytes(AttemptFixture.Ok));
        });
        await using var gateway = await GatewayHost.StartAsync(
            $$""" "providers": { "up": { "type": "openai", "baseUrl": "{{_upstream.BaseUri}}", "keys": [ { "key": "env:KEY_A" }, { "key": "env:KEY_B" } ] } }, "keys": [{ "id": "test", "value": "env:TEST_KEY", "models": ["*"] }] """,
            environment: [("KEY_A", "sk-a"), ("KEY_B", "sk-b")]);
        for (var i = 0; i < 12; i++)
        {
            using var reply = await gateway.PostAsync("/v1/chat/completions", """{"model":"up/m","messages":[]}""");
            Assert.Equal(200, (int)reply.StatusCode);
        }

        Assert.Equal(12, _upstream.Exchanges.Count(e => e.Headers.Authorization == "Bearer sk-b"));
        Assert.InRange(_upstream.Exchanges.Count(e => e.Headers.Authorization == "Bearer sk-a"), 0, 1);
    }

    [Fact]
    public async Task Wait_LongerThanTheDeadline_IsNotBegun()
    {
        _upstream.Default = Script.Error(429).Header("Retry-After", "2");
        await using var gateway = await GatewayHost.StartAsync(_upstream, """ "timeouts": { "total": 1.5 } """);
        using var reply = await gateway.PostAsync("/v1/chat/completions", """{"model":"up/m","messages":[]}""");
        Assert.Equal((429, "2"), ((int)reply.StatusCode, reply.Headers.GetValues("Retry-After").Single()));
        Assert.Single(_upstream.Exchanges);
    }
}
