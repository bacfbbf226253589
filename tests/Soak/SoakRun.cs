using System.Diagnostics;
using FaultUpstream;
using FaultUpstream.Catalogue;

namespace Soak;

/// <summary>Many streams at once while providers go wrong at random.</summary>
internal static class SoakRun
{
    // Whatever may befall any single call. Faults that tell the gateway to stay away for seconds are for the failover table: at this rate nobody would be left.
    private static readonly string[] Mix =
    [
        "error", "bad-gateway", "unavailable", "overloaded", "gateway-timeout", "error-page", "reset", "half-close", "garbage", "page", "headers-silence", "slow", "error-event",
        "error-after-role", "cut-after-role", "empty-stream", "cut", "cut-event", "cut-reset", "ends-early", "error-midway", "stall", "malformed", "not-utf8", "no-terminator", "no-usage",
    ];

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs it.</summary>
    /// <returns>The report, and whether everything held.</returns>
    public static async Task<(string Report, bool IsClean)> RunAsync(SoakOptions options)
    {
        await using var primary = Start(options, options.Seed);
        await using var fallback = Start(options, options.Seed + 1);
        await using var node = await GatewayNode.StartAsync(
            $$"""
            "providers": {
              "p": { "type": "openai", "baseUrl": "{{primary.BaseUri}}", "apiKey": "env:UP_KEY" },
              "f": { "type": "openai", "baseUrl": "{{fallback.BaseUri}}", "apiKey": "env:UP_KEY" } },
            "routes": { "soak": { "targets": ["p/m", "f/m"] }, "soak-resumed": { "targets": ["p/m", "f/m"], "rescue": "resume" } },
            "timeouts": { "connect": 5, "firstToken": 5, "idle": 5, "finishGrace": 1, "total": 60 }
            """,
            options.Keeps);
        var (tally, resumed, samples) = (new Tally(), new Tally(), new List<(TimeSpan, int, MemorySample)>());
        await StreamCheck.AskAsync(node.Client, "soak", "warm", 3, null);
        var idle = await node.SampleAsync(collects: true);

        using var ending = new CancellationTokenSource(options.Time);
        // Half of the streams end with the error when they break, half are continued.
        var (crowd, second) = (new Crowd(node.Client, tally), new Crowd(node.Client, resumed));
        var began = Stopwatch.GetTimestamp();
        IReadOnlyList<string> targets = [];
        var running = Task.WhenAll(crowd.RunAsync(options.Streams - (options.Streams / 2), "soak", ending.Token), second.RunAsync(options.Streams / 2, "soak-resumed", ending.Token));
        while (await Task.WhenAny(running, Task.Delay(options.Interval)) != running)
        {
            samples.Add((Stopwatch.GetElapsedTime(began), crowd.Reading + second.Reading, await node.SampleAsync()));
            Console.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalSeconds,5:0} s  {crowd.Reading + second.Reading,5} reading  {tally.Count + resumed.Count,7} ended  {samples[^1].Item3.Resident >> 20,5} MiB resident  {samples[^1].Item3.Sockets,5} sockets");
            targets = await node.TargetsAsync();
            foreach (var target in targets)
                Console.WriteLine("         " + target);
        }

        await running;
        var took = Stopwatch.GetElapsedTime(began);
        var rest = await SettleAsync(node, idle, options, primary, fallback);
        var report = new SoakReport(options, took, tally, resumed, samples, idle, rest, primary, fallback, targets, await node.MetricAsync("gateway_replies_total"), await node.MetricAsync("gateway_requests_active"));
        return (report.Write(), report.Violations.Count == 0);
    }

    private static FaultServer Start(SoakOptions options, int seed) => FaultServer.Start(new FaultServerOptions
    {
        Pace = Pace,
        Slow = TimeSpan.FromSeconds(8), // longer than the limit on the first token
        Remembers = false,
        Schedule = Schedules.Share(options.Faults / 100.0, seed, [.. Mix.Select(name => Faults.Find(name)!)]),
    });

    /// <summary>Waits until what is no longer needed is gone: pooled connections are kept for a minute.</summary>
    private static async Task<MemorySample> SettleAsync(GatewayNode node, MemorySample idle, SoakOptions options, FaultServer primary, FaultServer fallback)
    {
        var limit = options.IsShort ? TimeSpan.FromSeconds(10) : TimeSpan.FromSeconds(150);
        var began = Stopwatch.GetTimestamp();
        var sample = await node.SampleAsync(collects: true);
        while (Stopwatch.GetElapsedTime(began) < limit && !(primary.Serving + fallback.Serving == 0 && (options.IsShort || sample.Sockets <= idle.Sockets + SoakReport.SpareSockets)))
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            sample = await node.SampleAsync(collects: true);
        }

        return sample;
    }
}
