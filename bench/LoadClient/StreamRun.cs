using System.Diagnostics;
using System.Text.Json;

namespace LoadClient;

/// <summary>
/// Streams from several targets in turn, request by request, so that whatever else the machine does in that time meets all of them alike.
/// </summary>
internal static class StreamRun
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        if (arguments.Targets.Count == 0)
            throw new UsageException("stream wants a --target");
        var (concurrency, events) = (arguments.Number("--concurrency", 1), arguments.Number("--events", 20));
        var requests = arguments.Targets.ConvertAll(target => RequestBytes.Chat(target, arguments.Key, stream: true));

        await RoundsAsync(arguments.Targets, requests, concurrency, arguments.Number("--warmup", 100));
        var started = Stopwatch.GetTimestamp();
        var results = await RoundsAsync(arguments.Targets, requests, concurrency, arguments.Number("--count", 500));
        var figures = arguments.Targets.Select((target, i) => Figures(target, results.ConvertAll(worker => worker[i]), events)).ToArray();

        var report = new StreamReport(concurrency, events, Stopwatch.GetElapsedTime(started).TotalSeconds, figures);
        Console.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.StreamReport));
        return figures.All(figure => figure is { Broken: 0, LostEvents: 0 }) ? 0 : 1;
    }

    private static async Task<List<TargetSamples[]>> RoundsAsync(List<Target> targets, List<byte[]> requests, int concurrency, int count)
    {
        var each = (count + concurrency - 1) / concurrency;
        var workers = Enumerable.Range(0, concurrency).Select(worker => WorkAsync(targets, requests, each, worker));
        return [.. await Task.WhenAll(workers)];
    }

    private static async Task<TargetSamples[]> WorkAsync(List<Target> targets, List<byte[]> requests, int count, int worker)
    {
        TargetSamples[] samples = [.. targets.Select(target => new TargetSamples(target.Url))];
        for (var round = 0; round < count; round++)
        {
            for (var turn = 0; turn < targets.Count; turn++)
            {
                // The first of a round changes from round to round: no target always follows the same neighbour from a pause.
                var i = (worker + round + (round % 2 == 0 ? turn : targets.Count - 1 - turn)) % targets.Count;
                samples[i].Exchanges.Add(await samples[i].Connection.ExchangeAsync(requests[i]));
            }
        }

        foreach (var sample in samples)
            sample.Connection.Dispose();
        return samples;
    }

    private static StreamFigures Figures(Target target, List<TargetSamples> workers, int events)
    {
        var exchanges = workers.SelectMany(worker => worker.Exchanges).ToList();
        var first = exchanges.Where(exchange => exchange.Whole).Select(exchange => exchange.FirstContentMicroseconds).ToList();
        var total = exchanges.Where(exchange => exchange.Whole).Select(exchange => exchange.TotalMicroseconds).ToList();
        var gaps = workers.SelectMany(worker => worker.Connection.Events.Gaps).ToList();
        return new()
        {
            Target = target.Name,
            Streams = exchanges.Count,
            Broken = exchanges.Count(exchange => !exchange.Whole),
            LostEvents = exchanges.Sum(exchange => (long)events - exchange.ContentEvents),
            FirstContentP50 = Samples.Percentile(first, 0.5),
            FirstContentP99 = Samples.Percentile(first, 0.99),
            GapP50 = Samples.Percentile(gaps, 0.5),
            GapP99 = Samples.Percentile(gaps, 0.99),
            TotalP50 = Samples.Percentile(total, 0.5),
            TotalP99 = Samples.Percentile(total, 0.99),
        };
    }
}
