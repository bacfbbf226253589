using Gateway.Errors;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints;

/// <summary>What no other endpoint answers, in a shape that clients understand instead of an empty 404 or 405.</summary>
internal static class UnknownEndpoints
{
    /// <summary>Maps the fallback; after all other endpoints.</summary>
    public static void MapUnknown(this IEndpointRouteBuilder app)
    {
        var methods = app.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.Parameters.Count == 0)
            .GroupBy(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(
                group => group.Key,
                group => string.Join(", ", group.SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Distinct()),
                StringComparer.OrdinalIgnoreCase);

        RequestDelegate answer = http =>
        {
            var path = $"{http.Request.Method} {http.Request.Path}";
            if (!methods.TryGetValue(http.Request.Path.Value!.TrimEnd('/'), out var allowed))
                return SurfaceReply.ErrorAsync(http, new GatewayError(ErrorKinds.UnknownEndpoint, $"There is no endpoint {path}. GET /openapi/v1.json lists them."));
            http.Response.Headers.Allow = allowed;
            return SurfaceReply.ErrorAsync(http, new GatewayError(ErrorKinds.MethodNotAllowed, $"{path} is not allowed; this path takes {allowed}."));
        };
        app.MapFallback("{**path}", answer).ExcludeFromDescription();
    }
}
