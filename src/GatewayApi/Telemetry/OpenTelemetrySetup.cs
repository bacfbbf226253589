using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace GatewayApi.Telemetry;

/// <summary>Exports traces and metrics over OTLP when the standard environment variables say where to; otherwise costs nothing.</summary>
internal static class OpenTelemetrySetup
{
    private static readonly string[] Endpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>Hands the OTEL_* variables on: the exporters look for them in the host's configuration, which is otherwise empty.</summary>
    public static void PassVariables(IConfigurationBuilder configuration, IReadOnlyDictionary<string, string> environment) =>
        configuration.AddInMemoryCollection(environment.Where(v => v.Key.StartsWith("OTEL_", StringComparison.Ordinal)).Select(v => KeyValuePair.Create(v.Key, (string?)v.Value)));

    /// <summary>Adds the exporters if an endpoint is set. Sampling, headers, protocol and service name follow the OTEL_* variables.</summary>
    public static void AddGatewayOpenTelemetry(this IServiceCollection services, IReadOnlyDictionary<string, string> environment)
    {
        if (!Endpoints.Any(name => environment.TryGetValue(name, out var value) && value.Length > 0))
            return;
        services.AddOpenTelemetry()
            .ConfigureResource(resource =>
            {
                if (!environment.ContainsKey("OTEL_SERVICE_NAME"))
                    resource.AddService("ai-gateway");
            })
            .WithTracing(traces => traces.AddSource(GatewayTraces.SourceName).AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter(GatewayMetrics.MeterName).AddOtlpExporter());
    }
}
