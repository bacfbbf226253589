namespace LoadClient;

/// <summary>The medians over the rounds of one case against one target.</summary>
internal sealed class LoadSummary(string target, IReadOnlyList<LoadRow> rounds)
{
    public string Target => target;

    public double PerSecond { get; } = Samples.Median(rounds.Select(round => round.PerSecond));

    public double LeastPerSecond { get; } = rounds.Min(round => round.PerSecond);

    public double MostPerSecond { get; } = rounds.Max(round => round.PerSecond);

    public double P50 { get; } = Samples.Median(rounds.Select(round => round.P50));

    public double P99 { get; } = Samples.Median(rounds.Select(round => round.P99));

    public double CpuPerRequest { get; } = Samples.Median(rounds.Select(round => round.CpuPerRequest));

    public double UpstreamCpuPerRequest { get; } = Samples.Median(rounds.Select(round => round.UpstreamCpu / round.Requests));

    public double RssMegabytes { get; } = Samples.Median(rounds.Select(round => round.RssKilobytes)) / 1024;

    public double PeakMegabytes { get; } = rounds.Max(round => round.PeakKilobytes) / 1024;

    public double BytesPerRequest { get; } = Samples.Median(rounds.Select(round => (double)round.Bytes / round.Requests));

    public long Errors { get; } = rounds.Sum(round => round.Errors);
}
