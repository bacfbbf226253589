using Gateway.Metering;

namespace GatewayApi.Telemetry;

/// <summary>Tells both sets of metrics of each reply.</summary>
internal sealed class ReplyObservers(GatewayMetrics metrics, PrometheusMetrics prometheus) : IReplyObserver
{
    public void OnReply(LedgerEntry entry, string? provider)
    {
        metrics.OnReply(entry, provider);
        prometheus.OnReply(entry, provider);
    }
}
