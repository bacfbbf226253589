using Gateway.Configuration;
using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Surfaces;
using GatewayApi.Hosting;
using GatewayApi.Telemetry;
using Microsoft.AspNetCore.Routing.Patterns;

namespace GatewayApi.Endpoints;

/// <summary>Maps <see cref="SurfaceRoutes"/>: every path of every API, all through the same pipeline.</summary>
internal static class SurfaceEndpoints
{
    /// <summary>Key of the pipeline that counts tokens, among the services.</summary>
    public const string CountPipeline = "count";

    private const string ModelValue = "model";

    /// <summary>Maps the paths whose operation has a dialect.</summary>
    /// <param name="app">Where to.</param>
    /// <param name="dialects">The dialect of an operation, or null.</param>
    /// <param name="paths">Told the paths that need no routing.</param>
    public static void MapSurfaces(this IEndpointRouteBuilder app, Func<Operation, IDialect?> dialects, OperationPaths paths)
    {
        var pipeline = app.ServiceProvider.GetRequiredService<RequestPipeline>();
        var counts = app.ServiceProvider.GetRequiredKeyedService<RequestPipeline>(CountPipeline);
        var described = new HashSet<string>();
        foreach (var route in SurfaceRoutes.All)
        {
            if (dialects(route.Operation) is { } dialect)
                Map(app, paths, route, dialect, pipeline, described, SurfaceDescriptions.Of(route));
        }

        foreach (var route in SurfaceRoutes.Counts)
        {
            if (dialects(route.Operation) is { } dialect)
                Map(app, paths, route, dialect, counts, described, SurfaceDescriptions.OfCount(route));
        }
    }

    private static void Map(
        IEndpointRouteBuilder app, OperationPaths paths, SurfaceRoute route, IDialect dialect, RequestPipeline pipeline, HashSet<string> described, EndpointDescription description)
    {
        var snapshots = app.ServiceProvider.GetRequiredService<SnapshotHolder>();
        var traces = app.ServiceProvider.GetRequiredService<GatewayTraces>();
        var time = app.ServiceProvider.GetRequiredService<TimeProvider>();

        async Task Serve(HttpContext http)
        {
            var exchange = new HttpClientExchange(http);
            var spoken = route is { Operation: Operation.GenerateContent, Stream: true } && !WantsEvents(http) ? dialect.WithoutEvents : dialect;
            using var context = new GatewayContext(exchange, snapshots.Current, route.Operation, spoken, RequestIds.For(http), time) { IsModelInPath = route.IsModelInPath };
            if (route.IsModelInPath)
                context.Request.Model = route.ModelOf((string)http.GetRouteValue(ModelValue)!, (string?)http.GetRouteValue(SurfaceRoute.Publisher));
            if (route.Stream is { } stream)
                context.Request.Stream = stream;
            using var span = traces.Start(context);
            await pipeline.RunAsync(context);
            traces.Finish(span, context);
            if (exchange.IsBroken)
                throw new IncompleteReplyException();
        }

        if (!route.IsModelInPath)
            paths.Add(route.Pattern, Serve);
        object metadata = described.Add(description.Id) ? description : new EndpointAlias(description.Id);
        var endpoint = app.Map(PatternOf(route), Serve).WithMetadata(metadata, new HttpMethodMetadata(["POST"]));
        if (route.IsModelInPath)
            endpoint.WithOrder(-route.Suffix.Length); // the longer end says more: a model may not end in /chat for /completions to be asked
    }

    /// <summary>Google's clients ask for server-sent events; who does not gets one JSON list.</summary>
    private static bool WantsEvents(HttpContext http) => (string?)http.Request.Query["alt"] == "sse" || (string?)http.Request.Query["$alt"] == "sse";

    /// <summary>A model may hold slashes, so it takes the rest of the path, of which the end is then looked at.</summary>
    private static RoutePattern PatternOf(SurfaceRoute route) => route.IsModelInPath
        ? RoutePatternFactory.Parse(route.Prefix + "{**" + ModelValue + "}", defaults: null, parameterPolicies: new { model = new SuffixConstraint(route.Suffix) })
        : RoutePatternFactory.Parse(route.Pattern);
}
