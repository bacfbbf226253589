using FaultUpstream;
using Gateway.Tests.Chaos;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Routing.Failover;

/// <summary>A provider with a rate limit: whoever is over it learns so once, and comes back when it may.</summary>
[Collection(nameof(Alone))]
public class LimitedTests
{
    private const int Factor = 20;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Burst_OverTheLimit_GoesToTheFallbackUntilTheWindowEnds()
    {
        var time = new ScaledTime(Factor);
        await using var primary = FaultServer.Start(new FaultServerOptions { Time = time });
        await using var fallback = FaultServer.Start(new FaultServerOptions { Time = time, Name = "fallback" });
        await using var gateway = await GatewayHost.StartAsync(
            $$"""
            "providers": {
              "p": { "type": "openai", "baseUrl": "{{primary.BaseUri}}", "apiKey": "env:UP_KEY" },
              "f": { "type": "openai", "baseUrl": "{{fallback.BaseUri}}", "apiKey": "env:UP_KEY" } },
            "routes": { "r": { "targets": ["p/m", "f/m"] } }
            """,
            time);
        await AskAsync(gateway); // the first request of a process takes its time
        primary.Plan("m", Schedules.RateLimit(time, most: 5, Window));
        var before = primary.Seen("m").Count;

        var by = new List<string>();
        for (var i = 0; i < 12; i++)
            by.Add(await AskAsync(gateway));

        Assert.Equal([.. Enumerable.Repeat(FailoverFixture.PrimaryText, 5), .. Enumerable.Repeat(FailoverFixture.FallbackText, 7)], by);
        var seen = primary.Seen("m").Skip(before).ToList();
        Assert.Equal(6, seen.Count);
        var leave = seen[^1].NotBefore;

        await Task.Delay(time.GetElapsedTime(time.GetTimestamp(), leave) + TimeSpan.FromSeconds(1), time);

        Assert.Equal(FailoverFixture.PrimaryText, await AskAsync(gateway));
        Assert.True(primary.Seen("m")[^1].At >= leave);
    }

    private static async Task<string> AskAsync(GatewayHost gateway)
    {
        var reply = await RawReply.PostAsync(gateway, "/v1/chat/completions", """{"model":"r","messages":[{"role":"user","content":"hi"}]}""");
        return CallerView.Of(reply, isStream: false, TimeSpan.Zero).Text;
    }
}
