using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Metering;

namespace GatewayApi.Telemetry;

/// <summary>
/// The gateway's instruments. Labels are an allow-list of low-cardinality names: the target's model and provider, never the client's
/// free text, and no keys; above <see cref="MaxModels"/> distinct models the rest is "other".
/// </summary>
internal sealed class GatewayMetrics : IReplyObserver, IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Gateway";

    /// <summary>Distinct provider and model pairs that get series of their own.</summary>
    public const int MaxModels = 500;

    private static readonly double[] DurationBuckets = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] TokenBuckets = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstChunk;
    private readonly Histogram<long> _tokens;
    private readonly Counter<long> _cost;
    private readonly Counter<long> _replies;
    private readonly Counter<long> _attempts;
    private readonly ConcurrentDictionary<(string Provider, string Model, string Operation, string? Error), Series> _series = new();

    public GatewayMetrics()
    {
        _duration = _meter.CreateHistogram<double>(GenAiNames.OperationDuration, "s", "Time from a request's arrival to the end of its reply.", advice: new() { HistogramBucketBoundaries = DurationBuckets });
        _firstChunk = _meter.CreateHistogram<double>(GenAiNames.OperationTimeToFirstChunk, "s", "Time from a request's arrival to the first content of its stream.", advice: new() { HistogramBucketBoundaries = DurationBuckets });
        _tokens = _meter.CreateHistogram<long>(GenAiNames.TokenUsage, "{token}", "Tokens of a reply.", advice: new() { HistogramBucketBoundaries = [.. TokenBuckets.Select(b => (long)b)] });
        _cost = _meter.CreateCounter<long>("gateway.cost", "n{USD}", "Cost of replies in nano-dollars.");
        _replies = _meter.CreateCounter<long>("gateway.replies", "{reply}", "Replies, by outcome.");
        _attempts = _meter.CreateCounter<long>("gateway.attempts", "{attempt}", "Calls of providers.");
    }

    /// <summary>Registers a gauge that is read when metrics are collected.</summary>
    public void ObserveGauge(string name, string unit, string description, Func<long> read) =>
        _meter.CreateObservableGauge(name, read, unit, description);

    public void OnReply(LedgerEntry entry)
    {
        var series = SeriesOf(entry);
        _duration.Record(entry.DurationMicros / 1e6, series.Common);
        if (entry.TimeToFirstTokenMicros is { } first)
            _firstChunk.Record(first / 1e6, series.Common);
        if (entry.Usage != default)
        {
            _tokens.Record(entry.Usage.Input, series.Input);
            _tokens.Record(entry.Usage.Output, series.Output);
        }

        if (entry.CostNanoUsd > 0)
            _cost.Add(entry.CostNanoUsd, series.Common);
        _replies.Add(1, series.Outcomes[(int)entry.Outcome]);
        if (entry.Attempts > 0)
            _attempts.Add(entry.Attempts, series.Common);
    }

    public void Dispose() => _meter.Dispose();

    private Series SeriesOf(LedgerEntry entry)
    {
        var key = (entry.Provider, entry.TargetModel, entry.Operation, entry.ErrorCode);
        if (_series.TryGetValue(key, out var series))
            return series;
        // Past the cap every new pair shares one series; the check may overshoot by a few under a race, which is harmless.
        var capped = _series.Count < MaxModels ? key : (key.Provider, "other", key.Operation, null);
        return _series.GetOrAdd(capped, static k => new Series(k.Provider, k.Model, k.Operation, k.Error));
    }

    /// <summary>Tags made once per series, so that recording a reply allocates nothing.</summary>
    private sealed class Series
    {
        public Series(string provider, string model, string operation, string? error)
        {
            TagList tags = new()
            {
                { GenAiNames.OperationName, operation },
                { GenAiNames.ProviderName, provider.Length == 0 ? "none" : provider },
                { GenAiNames.RequestModel, model.Length == 0 ? "none" : model },
            };
            if (error is not null)
                tags.Add("error.type", error);
            Common = tags.ToArray();
            Input = [.. Common, new(GenAiNames.TokenType, "input")];
            Output = [.. Common, new(GenAiNames.TokenType, "output")];
            Outcomes = [.. Enum.GetValues<LedgerOutcome>().Select(outcome =>
                (KeyValuePair<string, object?>[])[.. Common, new("gateway.outcome", outcome.ToString().ToLowerInvariant())])];
        }

        public KeyValuePair<string, object?>[] Common { get; }

        public KeyValuePair<string, object?>[] Input { get; }

        public KeyValuePair<string, object?>[] Output { get; }

        public KeyValuePair<string, object?>[][] Outcomes { get; }
    }
}
