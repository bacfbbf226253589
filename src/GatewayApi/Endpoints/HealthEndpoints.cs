using System.Text.Json;
using GatewayApi.Hosting;
using GatewayApi.Telemetry;

namespace GatewayApi.Endpoints;

/// <summary>Liveness, readiness and metrics. None needs a key, and none tells a secret.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", static (HttpContext http) => http.Response.WriteAsync("live\n")).ExcludeFromDescription();
        app.MapGet("/health/ready", Ready).ExcludeFromDescription();
    }

    public static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapGet("/metrics", static (HttpContext http, PrometheusMetrics metrics) => metrics.WriteAsync(http)).ExcludeFromDescription();

    /// <summary>200 while requests should be sent here, 503 while the process drains. A refused configuration is shown but does not make it unready: the old one still serves.</summary>
    private static async Task Ready(HttpContext http, Readiness readiness)
    {
        var isReady = readiness.IsReady;
        http.Response.StatusCode = isReady ? 200 : 503;
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status"u8, isReady ? "ready"u8 : "draining"u8);
        json.WriteNumber("configurationEpoch"u8, readiness.Epoch);
        json.WriteStartArray("refusedConfiguration"u8);
        foreach (var problem in readiness.RefusedConfiguration)
            json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
