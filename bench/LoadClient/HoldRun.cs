using System.Diagnostics;
using System.Text.Json;

namespace LoadClient;

/// <summary>Opens many slow streams, holds them until they end and checks that every event arrived.</summary>
internal static class HoldRun
{
    /// <summary>Connections are opened at this distance: the run is about holding streams, not about a storm of connects.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(10);

    private const int AtOnce = 10;

    public static async Task<int> RunAsync(Arguments arguments)
    {
        if (arguments.Targets.Count != 1)
            throw new UsageException("hold wants one --target");
        var target = arguments.Targets[0];
        var (streams, events) = (arguments.Number("--streams", 1000), arguments.Number("--events", 15));
        var request = RequestBytes.Chat(target, arguments.Key, stream: true);

        var started = Stopwatch.GetTimestamp();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(events + 60));
        TargetSamples[] samples = [.. Enumerable.Range(0, streams).Select(_ => new TargetSamples(target.Url))];
        var held = new List<Task<Exchange>>(streams);
        foreach (var sample in samples)
        {
            held.Add(sample.Connection.ExchangeAsync(request, limit.Token));
            if (held.Count % AtOnce == 0)
                await Task.Delay(Apart, CancellationToken.None);
        }

        var exchanges = await Task.WhenAll(held);
        var gaps = samples.SelectMany(sample => sample.Connection.Events.Gaps).ToList();
        foreach (var sample in samples)
            sample.Connection.Dispose();

        var report = new HoldReport(
            target.Name,
            streams,
            exchanges.Count(exchange => exchange.Whole && exchange.ContentEvents == events),
            exchanges.Sum(exchange => (long)events - exchange.ContentEvents),
            Stopwatch.GetElapsedTime(started).TotalSeconds,
            Samples.Percentile(gaps, 0.5),
            Samples.Percentile(gaps, 0.99));
        Console.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.HoldReport));
        return report.Whole == streams && report.LostEvents == 0 ? 0 : 1;
    }
}
