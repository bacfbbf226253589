namespace LoadClient;

/// <summary>The table of one case, with ratios against YARP.</summary>
internal static class LoadTable
{
    public static void Write(TextWriter output, string name, IReadOnlyList<LoadSummary> targets)
    {
        var yarp = targets.FirstOrDefault(target => target.Target == "yarp");
        output.WriteLine($"### {name}\n");
        output.WriteLine("| target | requests/s (least–most) | p50 ms | p99 ms | CPU µs/request | upstream CPU µs/request | RSS MB (peak) | bytes/reply | errors | throughput ÷ YARP | CPU ÷ YARP |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var target in targets)
        {
            var own = target.Target != "direct";
            var cpu = own ? $"{target.CpuPerRequest:F1}" : "–";
            var memory = own ? $"{target.RssMegabytes:F0} ({target.PeakMegabytes:F0})" : "–";
            var throughput = yarp is null ? "–" : $"{target.ThroughputRatio(yarp):F2}";
            var ratio = yarp is null || !own ? "–" : $"{target.CpuRatio(yarp):F2}";
            output.WriteLine(
                $"| {target.Target} | {target.PerSecond:F0} ({target.LeastPerSecond:F0}–{target.MostPerSecond:F0}) | {target.P50 / 1000:F2} | {target.P99 / 1000:F2} "
                + $"| {cpu} | {target.UpstreamCpuPerRequest:F1} | {memory} | {target.BytesPerRequest:F0} | {target.Errors} | {throughput} | {ratio} |");
        }

        output.WriteLine();
    }
}
