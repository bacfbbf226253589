using FaultUpstream;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing.Failover;

/// <summary>Whose client has left is worked for no longer: the provider sees it go, and nobody else is called.</summary>
public sealed class ClientGoneTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FaultServer _primary = FaultServer.Start();
    private readonly FaultServer _fallback = FaultServer.Start(new FaultServerOptions { Name = "fallback", Schedule = Schedules.Never });
    private GatewayHost _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayHost.StartAsync($$"""
        "providers": {
          "p": { "type": "openai", "baseUrl": "{{_primary.BaseUri}}", "apiKey": "env:UP_KEY" },
          "f": { "type": "openai", "baseUrl": "{{_fallback.BaseUri}}", "apiKey": "env:UP_KEY" } },
        "routes": {
          "silence": { "targets": ["p/silence", "f/m"] }, "headers-silence": { "targets": ["p/headers-silence", "f/m"] }, "slow-headers": { "targets": ["p/slow-headers", "f/m"] },
          "stall": { "targets": ["p/stall", "f/m"] }, "trickle-midway": { "targets": ["p/trickle-midway", "f/m"] }, "limited-seconds": { "targets": ["p/limited-seconds"] } }
        """);

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _primary.DisposeAsync();
        await _fallback.DisposeAsync();
    }

    [Theory]
    [InlineData("silence", true)]
    [InlineData("silence", false)]
    [InlineData("headers-silence", true)]
    [InlineData("headers-silence", false)]
    [InlineData("slow-headers", true)]
    public async Task Leaving_BeforeAnyContent_CancelsTheProvider(string fault, bool stream)
    {
        using var leaving = new CancellationTokenSource();
        var asking = AskAsync(fault, stream, leaving.Token);
        var seen = await _primary.WaitAsync(fault);

        await leaving.CancelAsync();

        await seen.Gone.WaitAsync(Patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await AssertAbortedAsync(fault);
    }

    [Theory]
    [InlineData("stall")]
    [InlineData("trickle-midway")]
    public async Task Leaving_MidStream_CancelsTheProvider(string fault)
    {
        using (var response = await AskAsync(fault, true, CancellationToken.None))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            Assert.True(await body.ReadAsync(new byte[64]) > 0);
        }

        await (await _primary.WaitAsync(fault)).Gone.WaitAsync(Patience);
        await AssertAbortedAsync(fault);
    }

    [Fact]
    public async Task Leaving_WhileTheGatewayWaits_NobodyIsCalledAgain()
    {
        using var leaving = new CancellationTokenSource();
        var asking = AskAsync("limited-seconds", true, leaving.Token);
        await (await _primary.WaitAsync("limited-seconds")).Over.WaitAsync(Patience);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await AssertAbortedAsync("limited-seconds");
    }

    private Task<HttpResponseMessage> AskAsync(string fault, bool stream, CancellationToken leaving) =>
        _gateway.PostAsync("/v1/chat/completions", $$"""{"model":"{{fault}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"hi"}]}""", leaving);

    /// <summary>Once the entry is there the request is over, so that no call can follow.</summary>
    private async Task AssertAbortedAsync(string fault)
    {
        using var limit = new CancellationTokenSource(Patience);
        System.Text.Json.JsonElement[] entries;
        while ((entries = await _gateway.LedgerAsync()).Length == 0)
            await Task.Delay(10, limit.Token);
        var entry = Assert.Single(entries);
        Assert.Equal(("aborted", 1), (entry.GetProperty("outcome").GetString(), entry.GetProperty("attempts").GetInt32()));
        Assert.Single(_primary.Seen(fault));
        Assert.Equal(0, _fallback.Requests);
    }
}
