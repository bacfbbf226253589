using System.Text.Json;
using GatewayApi.Hosting;
using GatewayApi.Telemetry;

namespace GatewayApi.Endpoints;

/// <summary>Liveness, readiness and metrics. None needs a key, and none tells a secret.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var readiness = app.ServiceProvider.GetRequiredService<Readiness>();
        app.MapGet("/health/live", static http => http.Response.WriteAsync("live\n")).WithMetadata(new EndpointDescription("live", "Answers while the process lives")
        {
            Access = EndpointAccess.Open,
            Produces = [new("text/plain", "")],
        });
        app.MapGet("/health/ready", http => Ready(http, readiness)).WithMetadata(new EndpointDescription("ready", "Whether requests should be sent here")
        {
            Access = EndpointAccess.Open,
            Details = "503, with the same shape, while the gateway drains. `refusedConfiguration` says what is wrong with the last edit of the configuration; the one before it serves on. `directory` says when the changes of customers, teams, users and keys were read last, and why they can't be read now. `usage` says how far the ledger's entries are published, and why they can't be now. `semanticIndex` is there when the index is on Qdrant, and says whether that answers.",
            Produces = [new("application/json", OpenApiSchemas.Readiness)],
        });
    }

    public static void MapMetrics(this IEndpointRouteBuilder app)
    {
        var metrics = app.ServiceProvider.GetRequiredService<PrometheusMetrics>();
        app.MapGet("/metrics", metrics.WriteAsync).WithMetadata(new EndpointDescription("metrics", "Metrics in Prometheus' text format")
        {
            Access = EndpointAccess.Open,
            Produces = [new("text/plain", "")],
        });
    }

    /// <summary>200 while requests should be sent here, 503 while the process drains. A refused configuration is shown but does not make it unready: the old one still serves.</summary>
    private static async Task Ready(HttpContext http, Readiness readiness)
    {
        var isReady = readiness.IsReady;
        http.Response.StatusCode = isReady ? 200 : 503;
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status"u8, isReady ? "ready"u8 : "draining"u8);
        json.WriteString("state"u8, readiness.IsStateAvailable ? "available"u8 : "unavailable"u8);
        if (readiness.SemanticIndex is { } index)
            json.WriteString("semanticIndex"u8, index);
        json.WriteNumber("configurationEpoch"u8, readiness.Epoch);
        json.WriteStartArray("refusedConfiguration"u8);
        foreach (var problem in readiness.RefusedConfiguration)
            json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteStartObject("directory"u8);
        if (readiness.Directory.LastRead is { } read)
            json.WriteString("lastRead"u8, read.UtcDateTime);
        else
            json.WriteNull("lastRead"u8);
        json.WriteString("fault"u8, readiness.Directory.Fault);
        json.WriteStartArray("problems"u8);
        foreach (var problem in readiness.DirectoryProblems)
            json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("usage"u8);
        json.WriteNumber("unpublishedEntries"u8, readiness.Usage.LagEntries);
        json.WriteNumber("lagSeconds"u8, Math.Round(readiness.Usage.Lag.TotalSeconds, 3));
        json.WriteString("fault"u8, readiness.Usage.Fault);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
