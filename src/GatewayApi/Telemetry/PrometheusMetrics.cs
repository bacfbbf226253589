using System.Collections.Concurrent;
using Gateway.Metering;
using Prometheus;

namespace GatewayApi.Telemetry;

/// <summary>
/// <c>GET /metrics</c>: the same facts as the OpenTelemetry instruments, under their names in Prometheus' spelling. Kept beside them and
/// not bridged from them: a bridge looks labels up for every measurement and forgets series that rest.
/// </summary>
internal sealed class PrometheusMetrics
{
    private static readonly string[] Labels = ["operation", "provider", "provider_id", "model"];

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly MetricFactory _factory;
    private readonly Histogram _duration;
    private readonly Histogram _firstChunk;
    private readonly Counter _tokens;
    private readonly Counter _cost;
    private readonly Counter _replies;
    private readonly Counter _attempts;
    private readonly Counter _targetAttempts;
    private readonly Histogram _targetDuration;
    private readonly Counter _wasted;
    private readonly ConcurrentQueue<Children> _children = new();
    private readonly ConcurrentDictionary<TargetSeries, ICounter> _targets = new();
    private readonly Lock _telling = new();
    private int _targetCount;

    public PrometheusMetrics()
    {
        // Exemplars would ask for the current trace on every observation.
        _factory = Metrics.WithCustomRegistry(_registry);
        _factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        _duration = _factory.CreateHistogram("gen_ai_client_operation_duration_seconds", "Time from a request's arrival to the end of its reply.", Labels, new HistogramConfiguration { Buckets = MetricBuckets.Seconds });
        _firstChunk = _factory.CreateHistogram("gen_ai_client_operation_time_to_first_chunk_seconds", "Time from a request's arrival to the first content of its stream.", Labels, new HistogramConfiguration { Buckets = MetricBuckets.Seconds });
        _tokens = _factory.CreateCounter("gen_ai_client_tokens_total", "Tokens of replies; input includes what was read from and written to a cache.", [.. Labels, "token_type"]);
        _cost = _factory.CreateCounter("gateway_cost_usd_total", "Cost of replies in dollars.", Labels);
        _replies = _factory.CreateCounter("gateway_replies_total", "Replies, by outcome and stable error code.", [.. Labels, "outcome", "error"]);
        _attempts = _factory.CreateCounter("gateway_attempts_total", "Calls of providers, by the reply they were made for.", Labels);
        _targetAttempts = _factory.CreateCounter("gateway_target_attempts_total", "Calls of a target, by reason, outcome and stable error code.", ["provider_id", "model", "reason", "outcome", "error"]);
        _targetDuration = _factory.CreateHistogram("gateway_target_failed_seconds", "How long calls of a target took that did not complete.", ["provider_id", "model"], new HistogramConfiguration { Buckets = MetricBuckets.Seconds });
        _wasted = _factory.CreateCounter("gateway_wasted_usd_total", "Cost in dollars of calls that the client got nothing of, which nobody is charged.", ["provider_id", "model"]);
        _registry.AddBeforeCollectCallback(TellSums);
    }

    /// <summary>Registers a gauge that is read when metrics are collected.</summary>
    public void ObserveGauge(string name, string description, Func<double> read)
    {
        var gauge = _factory.CreateGauge(name, description);
        _registry.AddBeforeCollectCallback(() => gauge.Set(read()));
    }

    /// <summary>Registers a gauge of targets, which are read when metrics are collected.</summary>
    public void ObserveTargets(string name, string description, Func<IEnumerable<TargetMeasurement>> read)
    {
        var gauge = _factory.CreateGauge(name, description, "provider_id", "model");
        _registry.AddBeforeCollectCallback(() =>
        {
            foreach (var target in read())
                gauge.WithLabels(target.Provider, target.Model).Set(target.Value);
        });
    }

    /// <summary>Adds a series.</summary>
    /// <param name="labels">The labels of its replies.</param>
    /// <param name="sums">What they add up to.</param>
    public Children Add(ReplySeries labels, ReplySums sums)
    {
        var children = new Children(this, labels, sums);
        _children.Enqueue(children);
        return children;
    }

    /// <summary>Records what is not a sum of a reply.</summary>
    public void OnReply(LedgerEntry entry, Children children)
    {
        children.Duration.Observe(entry.DurationMicros / 1e6);
        if (entry.TimeToFirstTokenMicros is { } first)
            children.FirstChunk.Observe(first / 1e6);
        if (entry.AttemptList is { } attempts)
            Count(attempts);
    }

    private void TellSums()
    {
        lock (_telling) // two may ask at the same time
        {
            foreach (var children in _children)
                children.TellSums();
        }
    }

    private void Count(AttemptList attempts)
    {
        foreach (var attempt in attempts.List)
        {
            var series = TargetSeries.Of(attempt, Volatile.Read(ref _targetCount));
            Target(series).Inc();
            if (attempt.Outcome != "completed")
                _targetDuration.WithLabels(series.ProviderId, series.Model).Observe(attempt.DurationMicros / 1e6);
            if (attempt.WastedNanoUsd > 0)
                _wasted.WithLabels(series.ProviderId, series.Model).Inc(attempt.WastedNanoUsd / 1e9);
        }
    }

    private ICounter Target(TargetSeries series)
    {
        if (_targets.TryGetValue(series, out var known))
            return known;
        var made = _targetAttempts.WithLabels(series.ProviderId, series.Model, series.Reason, series.Outcome, series.Error ?? "");
        if (_targets.TryAdd(series, made))
            Interlocked.Increment(ref _targetCount);
        return made;
    }

    /// <summary>Writes all series in Prometheus' text format.</summary>
    public Task WriteAsync(HttpContext http)
    {
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return _registry.CollectAndExportAsTextAsync(http.Response.Body, http.RequestAborted);
    }

    /// <summary>What a reply is recorded in, looked up once per series.</summary>
    public sealed class Children(PrometheusMetrics metrics, ReplySeries series, ReplySums sums)
    {
        private readonly string[] _labels = [series.Operation, series.Provider, series.ProviderId, series.Model];
        private ReplyTotals _told;

        public IHistogram Duration => field ??= metrics._duration.WithLabels(_labels);

        public IHistogram FirstChunk => field ??= metrics._firstChunk.WithLabels(_labels);

        private ICounter Input => field ??= metrics._tokens.WithLabels([.. _labels, "input"]);

        private ICounter Output => field ??= metrics._tokens.WithLabels([.. _labels, "output"]);

        private ICounter Cost => field ??= metrics._cost.WithLabels(_labels);

        private ICounter Attempts => field ??= metrics._attempts.WithLabels(_labels);

        private ICounter Target => field ??= metrics.Target(TargetSeries.Of(series));

        private ICounter Replies => field ??= metrics._replies.WithLabels([.. _labels, series.Outcome, series.Error ?? ""]);

        /// <summary>Adds to the counters what has come since the last time: series that differ in their outcome share some.</summary>
        public void TellSums()
        {
            var now = sums.Read();
            if (now == _told)
                return;
            Replies.Inc(now.Replies - _told.Replies);
            if (now.Input + now.Output > 0)
            {
                Input.Inc(now.Input - _told.Input);
                Output.Inc(now.Output - _told.Output);
            }

            if (now.CostNanoUsd > 0)
                Cost.Inc((now.CostNanoUsd - _told.CostNanoUsd) / 1e9);
            if (now.Attempts > 0)
                Attempts.Inc(now.Attempts - _told.Attempts);
            if (now.LoneAttempts > 0)
                Target.Inc(now.LoneAttempts - _told.LoneAttempts);
            _told = now;
        }
    }
}
