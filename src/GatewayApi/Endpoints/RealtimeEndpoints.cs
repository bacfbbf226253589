using Gateway.Configuration;
using Gateway.Pipeline;
using Gateway.Surfaces;
using GatewayApi.Hosting;
using GatewayApi.Telemetry;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Options;

namespace GatewayApi.Endpoints;

/// <summary>Maps the paths that open a Realtime session.</summary>
internal static class RealtimeEndpoints
{
    /// <summary>Key of the pipeline of sessions, among the services.</summary>
    public const string Pipeline = "realtime";

    /// <summary>Pings find out that a client is gone without a word.</summary>
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(30);

    /// <summary>Maps them.</summary>
    public static void MapRealtime(this IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var pipeline = services.GetRequiredKeyedService<RequestPipeline>(Pipeline);
        var snapshots = services.GetRequiredService<SnapshotHolder>();
        var traces = services.GetRequiredService<GatewayTraces>();
        var time = services.GetRequiredService<TimeProvider>();

        async Task Serve(HttpContext http)
        {
            var exchange = new SocketExchange(http);
            using var context = new GatewayContext(exchange, snapshots.Current, Gateway.Protocol.Operation.Realtime, SurfaceFamily.OpenAi.Dialect(), RequestIds.For(http), time)
            {
                Socket = http.WebSockets.IsWebSocketRequest ? exchange : null,
            };
            context.Request.Stream = true;
            using var span = traces.Start(context);
            await pipeline.RunAsync(context);
            traces.Finish(span, context);
            if (exchange.IsBroken)
                throw new IncompleteReplyException();
        }

        // The middleware stands before these paths only: it would cost every other request an allocation.
        var options = Options.Create(new WebSocketOptions { KeepAliveInterval = Ping, KeepAliveTimeout = Ping });
        var sockets = new WebSocketMiddleware(Serve, options, services.GetRequiredService<ILoggerFactory>());
        var isFirst = true;
        foreach (var route in SurfaceRoutes.Sockets)
        {
            var description = SurfaceDescriptions.Of(route);
            object metadata = isFirst ? description : new EndpointAlias(description.Id);
            app.Map(route.Pattern, sockets.Invoke).WithMetadata(metadata, new HttpMethodMetadata(["GET"]));
            isFirst = false;
        }
    }
}
