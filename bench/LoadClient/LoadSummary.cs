namespace LoadClient;

/// <summary>The medians over the rounds of one case against one target.</summary>
internal sealed class LoadSummary(string target, IReadOnlyList<LoadRow> rounds)
{
    private readonly IReadOnlyList<LoadRow> _rounds = rounds;

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

    /// <summary>Throughput divided by another target's: the median over rounds of the ratio within a round, which both spent under the same noise.</summary>
    public double ThroughputRatio(LoadSummary other) => Samples.Median(_rounds.Zip(other._rounds, (mine, its) => mine.PerSecond / its.PerSecond));

    /// <summary>Processor time per request divided by another target's, likewise.</summary>
    public double CpuRatio(LoadSummary other) => Samples.Median(_rounds.Zip(other._rounds, (mine, its) => mine.CpuPerRequest / its.CpuPerRequest));
}
