using System.Net;
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
        var sidecar = new SidecarCaller(token);
        app.MapSubscribeHandler().WithMetadata(new EndpointDescription("daprSubscriptions", "Which topics the sidecar should deliver") { Access = EndpointAccess.Sidecar })
            .Add(endpoint => endpoint.RequestDelegate = Guarded(endpoint.RequestDelegate!, sidecar));
        // Never 404, whatever the topic: the sidecar would drop the event.
        app.MapPost("/dapr/events/{topic}", Guarded(http => DeliverAsync(http, bus, (string)http.Request.RouteValues["topic"]!), sidecar)).WithMetadata(Event("daprEvent"));
        app.DataSources.Add(new DaprTopics(bus, (http, topic) => IsSidecar(http, sidecar) ? DeliverAsync(http, bus, topic) : RefuseAsync(http), topic => Event("daprEventOf_" + topic)));
    }

    private static EndpointDescription Event(string id) => new(id, "Takes an event that the sidecar delivers")
    {
        Access = EndpointAccess.Sidecar,
        Request = "A CloudEvents 1.0 envelope.",
        Consumes = CloudEventEnvelope.ContentType,
    };

    private static RequestDelegate Guarded(RequestDelegate inner, SidecarCaller sidecar) => http => IsSidecar(http, sidecar) ? inner(http) : RefuseAsync(http);

    private static async Task DeliverAsync(HttpContext http, DaprEventBus bus, string topic)
    {
        var verdict = EventVerdict.Poison;
        if (await ReadAsync(http) is { } envelope && CloudEventEnvelope.Read(envelope) is { } e)
            verdict = await bus.HandleAsync(topic, e, http.RequestAborted);
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(DeliveryReply.Of(verdict));
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

    private static bool IsSidecar(HttpContext http, SidecarCaller sidecar) =>
        (sidecar.HasToken || (http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)))
        && sidecar.Allows(name => http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null);

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
