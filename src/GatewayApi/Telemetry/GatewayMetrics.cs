using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Metering;

namespace GatewayApi.Telemetry;

/// <summary>The OpenTelemetry instruments. Without an exporter nobody listens and recording does nothing.</summary>
internal sealed class GatewayMetrics : IReplyObserver, IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Gateway";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstChunk;
    private readonly Histogram<long> _tokens;
    private readonly Counter<long> _cost;
    private readonly Counter<long> _attempts;
    private readonly ConcurrentDictionary<ReplySeries, Tags> _tags = new();

    public GatewayMetrics()
    {
        _duration = _meter.CreateHistogram<double>(GenAiNames.OperationDuration, "s", "Time from a request's arrival to the end of its reply.", advice: new() { HistogramBucketBoundaries = MetricBuckets.Seconds });
        _firstChunk = _meter.CreateHistogram<double>(GenAiNames.OperationTimeToFirstChunk, "s", "Time from a request's arrival to the first content of its stream.", advice: new() { HistogramBucketBoundaries = MetricBuckets.Seconds });
        _tokens = _meter.CreateHistogram<long>(GenAiNames.TokenUsage, "{token}", "Tokens of a reply.", advice: new() { HistogramBucketBoundaries = MetricBuckets.Tokens });
        _cost = _meter.CreateCounter<long>("gateway.cost", "n{USD}", "Cost of replies in nano-dollars.");
        _attempts = _meter.CreateCounter<long>("gateway.attempts", "{attempt}", "Calls of providers.");
    }

    /// <summary>Registers a gauge that is read when metrics are collected.</summary>
    public void ObserveGauge(string name, string unit, string description, Func<double> read) =>
        _meter.CreateObservableGauge(name, read, unit, description);

    public void OnReply(LedgerEntry entry, string? provider)
    {
        if (!_duration.Enabled)
            return;
        var series = ReplySeries.Of(entry, provider, _tags.Count);
        if (!_tags.TryGetValue(series, out var tags))
            tags = _tags.GetOrAdd(series, new Tags(series));
        _duration.Record(entry.DurationMicros / 1e6, tags.Common);
        if (entry.TimeToFirstTokenMicros is { } first)
            _firstChunk.Record(first / 1e6, tags.Common);
        if (entry.Usage != default)
        {
            _tokens.Record(entry.Usage.Input, tags.Input);
            _tokens.Record(entry.Usage.Output, tags.Output);
        }

        if (entry.CostNanoUsd > 0)
            _cost.Add(entry.CostNanoUsd, tags.Common);
        if (entry.Attempts > 0)
            _attempts.Add(entry.Attempts, tags.Common);
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Made once per series, so that recording a reply allocates nothing.</summary>
    private sealed class Tags
    {
        public Tags(ReplySeries series)
        {
            List<KeyValuePair<string, object?>> common =
            [
                new(GenAiNames.OperationName, series.Operation),
                new(GenAiNames.ProviderName, series.Provider),
                new("gateway.provider.id", series.ProviderId),
                new(GenAiNames.RequestModel, series.Model),
                new("gateway.outcome", series.Outcome),
            ];
            if (series.Error is not null)
                common.Add(new("error.type", series.Error));
            Common = [.. common];
            Input = [.. common, new(GenAiNames.TokenType, "input")];
            Output = [.. common, new(GenAiNames.TokenType, "output")];
        }

        public KeyValuePair<string, object?>[] Common { get; }

        public KeyValuePair<string, object?>[] Input { get; }

        public KeyValuePair<string, object?>[] Output { get; }
    }
}
