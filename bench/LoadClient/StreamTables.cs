namespace LoadClient;

/// <summary>Time to first token and gaps between events, with the difference to direct.</summary>
internal static class StreamTables
{
    public static void Write(TextWriter output, Results results)
    {
        if (results.Immediate is { } immediate)
        {
            output.WriteLine($"### Time to first token: {immediate.Events} events at once, {immediate.Concurrency} at a time, targets in turn\n");
            Write(output, immediate);
        }

        if (results.Paced is { } paced)
        {
            output.WriteLine($"### Gaps between events: {paced.Events} events 20 ms apart, {paced.Concurrency} streams at a time\n");
            Write(output, paced);
        }
    }

    private static void Write(TextWriter output, StreamReport report)
    {
        var direct = report.Targets.FirstOrDefault(target => target.Target == "direct");
        output.WriteLine("| target | streams | broken | lost events | first token p50 ms | p99 ms | p50 − direct ms | gap p50 ms | gap p99 ms | whole stream p50 ms |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var target in report.Targets)
        {
            var added = direct is null || target == direct ? "–" : $"{(target.FirstContentP50 - direct.FirstContentP50) / 1000:F3}";
            output.WriteLine(
                $"| {target.Target} | {target.Streams} | {target.Broken} | {target.LostEvents} | {target.FirstContentP50 / 1000:F3} | {target.FirstContentP99 / 1000:F3} "
                + $"| {added} | {target.GapP50 / 1000:F3} | {target.GapP99 / 1000:F3} | {target.TotalP50 / 1000:F2} |");
        }

        output.WriteLine();
    }
}
