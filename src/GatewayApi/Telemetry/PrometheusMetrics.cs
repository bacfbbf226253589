using System.Diagnostics.Metrics;
using Prometheus;

namespace GatewayApi.Telemetry;

/// <summary>The gateway's instruments in Prometheus' text format, for <c>GET /metrics</c>.</summary>
internal sealed class PrometheusMetrics : IDisposable
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly IDisposable _adapter;

    public PrometheusMetrics()
    {
        _adapter = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = _registry,
            InstrumentFilterPredicate = static instrument => instrument.Meter.Name == GatewayMetrics.MeterName,
            ResolveHistogramBuckets = static instrument => BucketsOf(instrument),
        });
    }

    /// <summary>Writes all series.</summary>
    public async Task WriteAsync(HttpContext http)
    {
        http.Response.ContentType = PrometheusConstants.ExporterContentType;
        await _registry.CollectAndExportAsTextAsync(http.Response.Body, http.RequestAborted);
    }

    public void Dispose() => _adapter.Dispose();

    private static double[] BucketsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } seconds } => [.. seconds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } tokens } => [.. tokens.Select(t => (double)t)],
        _ => Histogram.ExponentialBuckets(0.01, 2, 14),
    };
}
