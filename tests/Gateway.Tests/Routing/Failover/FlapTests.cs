using FaultUpstream;
using FaultUpstream.Catalogue;
using Gateway.Tests.Chaos;
using Gateway.Tests.Surfaces;
using Gateway.Tests.Testing;
using Xunit.Abstractions;

namespace Gateway.Tests.Routing.Failover;

/// <summary>A provider is away for a minute, and asked for every four seconds; on a clock that runs fast.</summary>
[Collection(nameof(Alone))]
public class FlapTests(ITestOutputHelper output)
{
    private const int Factor = 25;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(14);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("unavailable")]
    [InlineData("error")]
    [InlineData("reset")]
    [InlineData("silence")]
    public Task Outage_OfAMinute_IsServedByTheFallbackAndOverSoon(string fault) => Stalls.TryAgainAsync(async () =>
    {
        var time = new ScaledTime(Factor);
        await using var primary = FaultServer.Start(new FaultServerOptions { Time = time });
        await using var fallback = FaultServer.Start(new FaultServerOptions { Time = time, Name = "fallback" });
        await using var gateway = await StartAsync(primary, fallback, time);
        await AskAsync(gateway, "warm", time, 0);
        var began = time.GetTimestamp();
        primary.Plan("m", Schedules.Outage(time, Before, Outage, Faults.Find(fault)!));

        var asked = new List<Task<Asked>>();
        for (var at = TimeSpan.Zero; at < Before + Outage + Recovery + Every; at += Every)
        {
            if (at - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
                await Task.Delay(left, time);
            asked.Add(AskAsync(gateway, "r", time, began));
        }

        var all = await Task.WhenAll(asked);
        var calls = primary.Seen("m").Select(seen => time.GetElapsedTime(began, seen.At)).ToList();
        foreach (var one in all)
            output.WriteLine($"{one.At.TotalSeconds,6:0.0} s: {one.By} after {one.Took.TotalSeconds:0.0} s");
        output.WriteLine("calls of the primary: " + string.Join(' ', calls.Select(at => $"{at.TotalSeconds:0}")));
        Assert.DoesNotContain(all, one => one.By is not ("primary" or "fallback"));
        Assert.All(all.Where(one => one.At < Before - Every), one => Assert.Equal("primary", one.By));
        Assert.All(all.Where(one => one.At > Before && one.At < Before + Outage - Every), one => Assert.Equal("fallback", one.By));
        // The circuit is what keeps the callers of a silent provider from waiting: from the middle of the outage on only trials are made.
        Assert.InRange(calls.Count(at => at > Before + (Outage / 2) && at < Before + Outage), 0, 6);
        Assert.Contains(all, one => one.By == "primary" && one.At >= Before + Outage && one.At <= Before + Outage + Recovery);
        Assert.Equal("primary", all[^1].By);
    });

    private static Task<GatewayHost> StartAsync(FaultServer primary, FaultServer fallback, TimeProvider time) => GatewayHost.StartAsync(
        $$"""
        "providers": {
          "p": { "type": "openai", "baseUrl": "{{primary.BaseUri}}", "apiKey": "env:UP_KEY" },
          "f": { "type": "openai", "baseUrl": "{{fallback.BaseUri}}", "apiKey": "env:UP_KEY" } },
        "routes": { "r": { "targets": ["p/m", "f/m"] }, "warm": { "targets": ["f/warm"], "timeouts": { "firstToken": 600, "total": 600 } } },
        "timeouts": { "connect": 10, "firstToken": 10, "idle": 10, "total": 120 }
        """,
        time);

    private static async Task<Asked> AskAsync(GatewayHost gateway, string route, TimeProvider time, long began)
    {
        var at = time.GetTimestamp();
        var reply = await RawReply.PostAsync(gateway, "/v1/chat/completions", $$"""{"model":"{{route}}","stream":true,"messages":[{"role":"user","content":"hi"}]}""");
        var view = CallerView.Of(reply, isStream: true, time.GetElapsedTime(at));
        var by = view.IsEnded && view.Code is null ? view.Text == FailoverFixture.PrimaryText ? "primary" : view.Text == FailoverFixture.FallbackText ? "fallback" : "truncated" : $"{view.Status} {view.Code}";
        return new Asked(time.GetElapsedTime(began, at), by, view.Took);
    }

    private sealed record Asked(TimeSpan At, string By, TimeSpan Took);
}
