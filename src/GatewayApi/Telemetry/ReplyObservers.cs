using System.Collections.Concurrent;
using Gateway.Metering;

namespace GatewayApi.Telemetry;

/// <summary>Tells both sets of metrics of each reply. A reply's labels are looked up once for both.</summary>
internal sealed class ReplyObservers(GatewayMetrics metrics, PrometheusMetrics prometheus) : IReplyObserver
{
    private readonly ConcurrentDictionary<ReplySeries, Series> _series = new();
    private int _count;

    public void OnReply(LedgerEntry entry, string? provider)
    {
        var labels = ReplySeries.Of(entry, provider, Volatile.Read(ref _count));
        if (!_series.TryGetValue(labels, out var series))
            series = Add(labels);
        metrics.OnReply(entry, series.Metrics);
        prometheus.OnReply(entry, series.Prometheus);
    }

    private Series Add(ReplySeries labels)
    {
        var made = new Series(metrics.For(labels), prometheus.For(labels));
        var kept = _series.GetOrAdd(labels, made);
        if (kept == made)
            Interlocked.Increment(ref _count);
        return kept;
    }

    private sealed record Series(GatewayMetrics.Series Metrics, PrometheusMetrics.Children Prometheus);
}
