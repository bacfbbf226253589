using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Events;
using Gateway.Events.Dapr;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints;

/// <summary>
/// What the sidecar calls: which topics the gateway wants, and their events. Where APP_API_TOKEN is set the sidecar sends it with each call. Without it only
/// callers on this machine are let in: a sidecar shares the network of its application.
/// </summary>
internal static class DaprEndpoints
{
    private const int LargestEvent = 4 << 20;

    /// <summary>Maps them; nothing when the bus is not Dapr's.</summary>
    public static void MapDapr(this IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        if (services.GetRequiredService<StatePorts>().Events is not DaprEventBus bus)
            return;
        var token = services.GetRequiredService<GatewayStartup>().Environment.GetValueOrDefault("APP_API_TOKEN");
        var expected = string.IsNullOrEmpty(token) ? null : Hash(token);
        app.MapGet("/dapr/subscribe", http => IsSidecar(http, expected) ? SubscriptionsAsync(http, bus) : RefuseAsync(http)).WithMetadata(
            new EndpointDescription("daprSubscriptions", "Which topics the sidecar should deliver") { Access = EndpointAccess.Sidecar });
        app.MapPost("/dapr/events/{topic}", http => IsSidecar(http, expected) ? DeliverAsync(http, bus) : RefuseAsync(http)).WithMetadata(
            new EndpointDescription("daprEvent", "Takes an event that the sidecar delivers")
            {
                Access = EndpointAccess.Sidecar,
                Request = "A CloudEvents 1.0 envelope.",
                Consumes = CloudEventEnvelope.ContentType,
            });
    }

    private static async Task SubscriptionsAsync(HttpContext http, DaprEventBus bus)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartArray();
        foreach (var topic in bus.SubscribedTopics)
        {
            json.WriteStartObject();
            json.WriteString("pubsubname"u8, bus.Component);
            json.WriteString("topic"u8, topic);
            json.WriteString("route"u8, "/dapr/events/" + topic);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Never 404: the sidecar would drop the event.
    private static async Task DeliverAsync(HttpContext http, DaprEventBus bus)
    {
        var verdict = EventVerdict.Poison;
        if (await ReadAsync(http) is { } envelope && CloudEventEnvelope.Read(envelope) is { } e)
            verdict = await bus.HandleAsync((string)http.Request.RouteValues["topic"]!, e, http.RequestAborted);
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(verdict switch
        {
            EventVerdict.Done => """{"status":"SUCCESS"}""",
            EventVerdict.Retry => """{"status":"RETRY"}""",
            _ => """{"status":"DROP"}""",
        });
    }

    private static async Task<byte[]?> ReadAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            if (body.Length + read > LargestEvent)
                return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    // Hashes are compared, so that neither the token's length nor its beginning shows in the time it takes.
    private static bool IsSidecar(HttpContext http, byte[]? expected) => expected is null
        ? http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        : CryptographicOperations.FixedTimeEquals(expected, Hash(http.Request.Headers["dapr-api-token"].ToString()));

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
