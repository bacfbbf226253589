using System.Diagnostics;
using System.Globalization;
using System.Text;
using FaultUpstream;
using FaultUpstream.Catalogue;

namespace Soak;

/// <summary>One request every four seconds while the first provider is away for a minute, in real time.</summary>
internal static class FlapRun
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(14);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);

    /// <summary>Runs it.</summary>
    /// <returns>The report, and whether everything held.</returns>
    public static async Task<(string Report, bool IsClean)> RunAsync()
    {
        await using var primary = FaultServer.Start();
        await using var fallback = FaultServer.Start(new FaultServerOptions { Name = "fallback" });
        await using var node = await GatewayNode.StartAsync(
            $$"""
            "providers": {
              "p": { "type": "openai", "baseUrl": "{{primary.BaseUri}}", "apiKey": "env:UP_KEY" },
              "f": { "type": "openai", "baseUrl": "{{fallback.BaseUri}}", "apiKey": "env:UP_KEY" } },
            "routes": { "r": { "targets": ["p/m", "f/m"] } }
            """);
        primary.Plan("m", Schedules.Outage(TimeProvider.System, Before, Outage, Faults.Find("unavailable")!));
        var report = new StringBuilder(string.Create(
            CultureInfo.InvariantCulture, $"# An outage of {Outage.TotalSeconds:0} s, from {Before.TotalSeconds:0} s on\n\n| at, s | calls of the first provider | calls of the fallback | outcome | took, ms |\n|---:|---:|---:|---|---:|\n"));
        var (began, isClean, backAt) = (Stopwatch.GetTimestamp(), true, (TimeSpan?)null);
        for (var at = TimeSpan.Zero; at < Before + Outage + Recovery; at += Every)
        {
            if (at - Stopwatch.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
                await Task.Delay(left);
            var (calls, spares, asked) = (primary.Requests, fallback.Requests, Stopwatch.GetTimestamp());
            var (end, code) = await StreamCheck.AskAsync(node.Client, "r", "flap", 12, null);
            isClean &= end == StreamEnd.Whole;
            if (at >= Before + Outage && fallback.Requests == spares)
                backAt ??= at - Before - Outage;
            report.Append(CultureInfo.InvariantCulture, $"| {at.TotalSeconds:0} | {primary.Requests - calls} | {fallback.Requests - spares} | {end} {code} | {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:0} |\n");
            Console.WriteLine($"{at.TotalSeconds,4:0} s  {end} {code}  {primary.Requests - calls} + {fallback.Requests - spares} calls");
        }

        report.Append(CultureInfo.InvariantCulture, $"\nThe first provider serves again {(backAt is { } back ? $"{back.TotalSeconds:0} s after its recovery" : "NEVER")}.\n");
        return (report.ToString(), isClean && backAt <= Recovery);
    }
}
