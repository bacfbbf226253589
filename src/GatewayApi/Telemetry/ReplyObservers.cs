using System.Collections.Concurrent;
using Gateway.Metering;

namespace GatewayApi.Telemetry;

/// <summary>Tells both sets of metrics of each reply. Its series is looked up, and its sums are added up, once for both.</summary>
internal sealed class ReplyObservers(GatewayMetrics metrics, PrometheusMetrics prometheus) : IReplyObserver
{
    private readonly ConcurrentDictionary<ReplySeries, Series> _series = new();
    private readonly Lock _adding = new();
    private volatile int _count;

    public void OnReply(LedgerEntry entry, string? provider)
    {
        var labels = ReplySeries.Of(entry, provider, _count);
        if (!_series.TryGetValue(labels, out var series))
            series = Add(labels);
        series.Sums.Count(entry);
        metrics.OnReply(entry, series.Metrics);
        prometheus.OnReply(entry, series.Prometheus);
    }

    private Series Add(ReplySeries labels)
    {
        lock (_adding)
        {
            if (_series.TryGetValue(labels, out var known))
                return known;
            var sums = new ReplySums();
            var made = new Series(sums, metrics.Add(labels, sums), prometheus.Add(labels, sums));
            _series[labels] = made;
            _count++;
            return made;
        }
    }

    private sealed record Series(ReplySums Sums, GatewayMetrics.Series Metrics, PrometheusMetrics.Children Prometheus);
}
