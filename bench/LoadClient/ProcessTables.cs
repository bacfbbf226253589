namespace LoadClient;

/// <summary>Memory while streams are held, and time to start.</summary>
internal static class ProcessTables
{
    public static void Write(TextWriter output, Results results)
    {
        if (results.Holds.Count > 0)
        {
            output.WriteLine($"### {results.Holds[0].Streams} slow streams held at once, an event each second\n");
            output.WriteLine("| target | whole | lost events | gap p50 ms | gap p99 ms | RSS MB before | RSS MB held | RSS MB peak |");
            output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (var hold in results.Holds)
            {
                var memory = results.HoldMemory.TryGetValue(hold.Target, out var row)
                    ? $"{row.BeforeKilobytes / 1024:F0} | {row.HeldKilobytes / 1024:F0} | {row.PeakKilobytes / 1024:F0}"
                    : "– | – | –";
                output.WriteLine($"| {hold.Target} | {hold.Whole} | {hold.LostEvents} | {hold.GapP50 / 1000:F1} | {hold.GapP99 / 1000:F1} | {memory} |");
            }

            output.WriteLine();
        }

        if (results.Starts.Count > 0)
        {
            output.WriteLine("### From starting the process to the first chat request served\n");
            output.WriteLine("| target | starts | median ms | least ms | most ms |");
            output.WriteLine("| --- | ---: | ---: | ---: | ---: |");
            foreach (var start in results.Starts)
                output.WriteLine($"| {start.Target} | {start.Count} | {start.MedianMilliseconds:F0} | {start.LeastMilliseconds:F0} | {start.MostMilliseconds:F0} |");
            output.WriteLine();
        }
    }
}
