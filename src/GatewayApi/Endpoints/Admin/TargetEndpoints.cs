using System.Text.Json;
using Gateway.Admission.Roles;
using Gateway.Jobs.Health;
using Gateway.Routing.Health;

namespace GatewayApi.Endpoints.Admin;

/// <summary>Shows how targets stand, as this replica sees them.</summary>
internal sealed class TargetEndpoints(TargetStates targets, HealthExchange exchange, TimeProvider time)
{
    private static readonly EndpointParameter[] Filters =
    [
        new("provider", "Only targets of the provider with this id."),
        new("circuit", "Only targets whose circuit stands like this.", Values: ["closed", "open", "half-open"]),
    ];

    /// <summary>Maps them.</summary>
    public static void Map(AdminRoutes routes)
    {
        var services = routes.Services;
        var endpoints = new TargetEndpoints(services.GetRequiredService<TargetStates>(), services.GetRequiredService<HealthExchange>(), services.GetRequiredService<TimeProvider>());
        routes.Get("/targets", Permission.ProvidersView, new("listTargets", "Lists targets that have been called, and how they stand")
        {
            Details = "As the replica that answers sees them. `openUntil` is when the next trial is due; `limit` how many attempts may be under way, found out by trying unless the configuration sets it; `calls`, `failures`, `refusals` and `retries` are of the last 20 seconds; `probe` is what the probe found of the provider.",
            Parameters = [.. Filters, .. AdminCall.Paging],
            Produces = [new("application/json", OpenApiSchemas.TargetPage)],
        }, endpoints.ListAsync);
    }

    private Task ListAsync(AdminCall call)
    {
        var (provider, circuit, cursor, limit) = (call.Query("provider"), call.Query("circuit"), call.Query("cursor"), call.Limit);
        if (circuit is not (null or "closed" or "open" or "half-open"))
            throw AdminEndpoint.Invalid("circuit", "'circuit' must be closed, open or half-open.");
        var now = time.GetTimestamp();
        var page = targets.Called
            .Where(t => (provider is null || ProviderOf(t.Address) == provider) && (circuit is null || Word(t.Vitals!.Circuit.Phase) == circuit))
            .Where(t => cursor is null || string.CompareOrdinal(t.Address, cursor) > 0)
            .OrderBy(t => t.Address, StringComparer.Ordinal).Take(limit + 1)
            .Select(t => TargetReport.Of(t, now)).ToList();
        return call.WritePageAsync(page, limit, t => t.Address, Write);
    }

    private void Write(Utf8JsonWriter json, TargetReport target)
    {
        var provider = ProviderOf(target.Address);
        json.WriteStartObject();
        json.WriteString("target"u8, target.Address);
        json.WriteString("provider"u8, provider);
        json.WriteString("model"u8, target.Address[(provider.Length + 1)..]);
        json.WriteString("circuit"u8, Word(target.Circuit));
        json.WriteString("cause"u8, target.Cause == CircuitCause.None ? null : Word(target.Cause));
        WriteMoment(json, "openUntil", target.OpenFor);
        json.WriteNumber("trips"u8, target.Trips);
        WriteMoment(json, "coolUntil", target.CoolsFor);
        json.WriteNumber("inFlight"u8, target.InFlight);
        json.WriteNumber("limit"u8, target.Limit);
        json.WriteNumber("waiting"u8, target.Waiting);
        json.WriteNumber("calls"u8, target.Lately.Calls);
        json.WriteNumber("failures"u8, target.Lately.Failures);
        json.WriteNumber("refusals"u8, target.Lately.Refusals);
        json.WriteNumber("retries"u8, target.Retries);
        if (target.FirstToken is { } first)
            json.WriteNumber("firstTokenMs"u8, Math.Round(first.TotalMilliseconds, 3));
        else
            json.WriteNull("firstTokenMs"u8);
        json.WriteString("lastError"u8, target.LastError);
        json.WritePropertyName("probe"u8);
        if (exchange.Probes.FirstOrDefault(p => p.Provider == provider) is { } probe)
            WriteProbe(json, probe);
        else
            json.WriteNullValue();
        json.WriteEndObject();
    }

    private static void WriteProbe(Utf8JsonWriter json, ProviderProbe probe)
    {
        json.WriteStartObject();
        json.WriteBoolean("up"u8, probe.Up);
        json.WriteString("reason"u8, probe.Reason);
        json.WriteNumber("ms"u8, probe.Milliseconds);
        json.WriteString("at"u8, probe.At.UtcDateTime);
        json.WriteString("since"u8, probe.Since.UtcDateTime);
        json.WriteEndObject();
    }

    private void WriteMoment(Utf8JsonWriter json, string name, TimeSpan? from)
    {
        if (from is { } span)
            json.WriteString(name, (time.GetUtcNow() + span).UtcDateTime);
        else
            json.WriteNull(name);
    }

    private static string ProviderOf(string address) => address[..address.IndexOf('/', StringComparison.Ordinal)];

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
