using Gateway.Admission;
using Gateway.Metering;
using GatewayApi.Hosting;

namespace GatewayApi.Telemetry;

/// <summary>What is read when metrics are collected.</summary>
internal static class GatewayGauges
{
    public static void Observe(IServiceProvider services)
    {
        services.GetRequiredService<PrometheusMetrics>(); // listens from now on
        var metrics = services.GetRequiredService<GatewayMetrics>();
        var overload = services.GetRequiredService<OverloadStage>();
        var ledger = services.GetRequiredService<Ledger>();
        var readiness = services.GetRequiredService<Readiness>();
        metrics.ObserveGauge("gateway.requests.active", "{request}", "Requests being served.", () => overload.Requests);
        metrics.ObserveGauge("gateway.requests.bytes", "By", "Bytes of request bodies held.", () => overload.Bytes);
        metrics.ObserveGauge("gateway.ledger.lag", "{entry}", "Ledger entries written but not yet queryable.", () => ledger.LagEntries);
        metrics.ObserveGauge("gateway.configuration.epoch", "{epoch}", "The configuration that serves.", () => readiness.Epoch);
    }
}
