using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Metering;

namespace GatewayApi.Telemetry;

/// <summary>The OpenTelemetry instruments. Without an exporter nobody listens and recording does nothing.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Gateway";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstChunk;
    private readonly Histogram<long> _tokens;
    private readonly ConcurrentQueue<Series> _series = new();
    private readonly ConcurrentDictionary<TargetSeries, TargetSums> _targets = new();
    private int _targetCount;

    public GatewayMetrics()
    {
        _duration = _meter.CreateHistogram<double>(GenAiNames.OperationDuration, "s", "Time from a request's arrival to the end of its reply.", advice: new() { HistogramBucketBoundaries = MetricBuckets.Seconds });
        _firstChunk = _meter.CreateHistogram<double>(GenAiNames.OperationTimeToFirstChunk, "s", "Time from a request's arrival to the first content of its stream.", advice: new() { HistogramBucketBoundaries = MetricBuckets.Seconds });
        _tokens = _meter.CreateHistogram<long>(GenAiNames.TokenUsage, "{token}", "Tokens of a reply.", advice: new() { HistogramBucketBoundaries = MetricBuckets.Tokens });
        // Sums are added up in here and read when metrics are collected: an aggregation by tags for each reply costs ten times as much.
        _meter.CreateObservableCounter("gateway.cost", () => Sums((ReplyTotals totals) => totals.CostNanoUsd), "n{USD}", "Cost of replies in nano-dollars.");
        _meter.CreateObservableCounter("gateway.attempts", () => Sums((ReplyTotals totals) => totals.Attempts), "{attempt}", "Calls of providers, by the reply they were made for.");
        _meter.CreateObservableCounter("gateway.target.attempts", () => Sums((TargetSums sums) => sums.Attempts), "{attempt}", "Calls of a target, by reason and outcome.");
        _meter.CreateObservableCounter("gateway.wasted", () => Sums((TargetSums sums) => sums.Wasted), "n{USD}", "Cost in nano-dollars of calls that the client got nothing of.");
    }

    /// <summary>Registers a gauge that is read when metrics are collected.</summary>
    public void ObserveGauge(string name, string unit, string description, Func<double> read) =>
        _meter.CreateObservableGauge(name, read, unit, description);

    /// <summary>Registers a gauge of targets, which are read when metrics are collected.</summary>
    public void ObserveTargets(string name, string unit, string description, Func<IEnumerable<TargetMeasurement>> read) => _meter.CreateObservableGauge(
        name, () => read().Select(m => new Measurement<double>(m.Value, new("gateway.provider.id", m.Provider), new(GenAiNames.RequestModel, m.Model))), unit, description);

    /// <summary>Adds a series.</summary>
    /// <param name="labels">The labels of its replies.</param>
    /// <param name="sums">What they add up to.</param>
    public Series Add(ReplySeries labels, ReplySums sums)
    {
        var series = new Series(labels, sums);
        _series.Enqueue(series);
        return series;
    }

    /// <summary>Records what is not a sum of a reply.</summary>
    public void OnReply(LedgerEntry entry, Series series)
    {
        if (!_duration.Enabled)
            return;
        _duration.Record(entry.DurationMicros / 1e6, series.Common);
        if (entry.TimeToFirstTokenMicros is { } first)
            _firstChunk.Record(first / 1e6, series.Common);
        if (entry.Usage != default)
        {
            _tokens.Record(entry.Usage.Input, series.Input);
            _tokens.Record(entry.Usage.Output, series.Output);
        }

        if (entry.AttemptList is not { } attempts)
        {
            if (entry.Attempts > 0)
                (series.Target ??= Target(TargetSeries.Of(series.Labels))).Count(entry.Attempts, 0);
            return;
        }

        foreach (var attempt in attempts.List)
            Target(TargetSeries.Of(attempt, Volatile.Read(ref _targetCount))).Count(1, attempt.WastedNanoUsd);
    }

    public void Dispose() => _meter.Dispose();

    private TargetSums Target(TargetSeries labels)
    {
        if (_targets.TryGetValue(labels, out var sums))
            return sums;
        var made = new TargetSums(labels);
        var kept = _targets.GetOrAdd(labels, made);
        if (kept == made)
            Interlocked.Increment(ref _targetCount);
        return kept;
    }

    private IEnumerable<Measurement<long>> Sums(Func<TargetSums, long> read)
    {
        foreach (var (_, sums) in _targets)
        {
            if (read(sums) is > 0 and var sum)
                yield return new Measurement<long>(sum, sums.Tags);
        }
    }

    private IEnumerable<Measurement<long>> Sums(Func<ReplyTotals, long> read)
    {
        foreach (var series in _series)
        {
            if (read(series.Sums.Read()) is > 0 and var sum)
                yield return new Measurement<long>(sum, series.Common);
        }
    }

    /// <summary>Tags, made once so that recording a reply allocates nothing, and sums.</summary>
    public sealed class Series
    {
        public Series(ReplySeries labels, ReplySums sums)
        {
            (Labels, Sums) = (labels, sums);
            List<KeyValuePair<string, object?>> common =
            [
                new(GenAiNames.OperationName, labels.Operation),
                new(GenAiNames.ProviderName, labels.Provider),
                new("gateway.provider.id", labels.ProviderId),
                new(GenAiNames.RequestModel, labels.Model),
                new("gateway.outcome", labels.Outcome),
            ];
            if (labels.Error is not null)
                common.Add(new("error.type", labels.Error));
            Common = [.. common];
            Input = [.. common, new(GenAiNames.TokenType, "input")];
            Output = [.. common, new(GenAiNames.TokenType, "output")];
        }

        /// <summary>What it is the series of.</summary>
        public ReplySeries Labels { get; }

        /// <summary>What its replies add up to.</summary>
        public ReplySums Sums { get; }

        /// <summary>Where replies with one attempt count it; found on first use.</summary>
        public TargetSums? Target { get; set; }

        public KeyValuePair<string, object?>[] Common { get; }

        public KeyValuePair<string, object?>[] Input { get; }

        public KeyValuePair<string, object?>[] Output { get; }
    }
}
