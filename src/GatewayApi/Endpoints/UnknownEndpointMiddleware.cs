using Gateway.Errors;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints;

/// <summary>What no endpoint answers is answered in a shape that clients understand, not with an empty 404.</summary>
internal sealed class UnknownEndpointMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (http.Response.HasStarted || http.Response.StatusCode is not (404 or 405) || http.Response.ContentType is not null)
            return;
        var path = $"{http.Request.Method} {http.Request.Path}";
        await OpenAiReply.ErrorAsync(http, http.Response.StatusCode == 404
            ? new GatewayError(ErrorKinds.UnknownEndpoint, $"There is no endpoint {path}. GET /openapi/v1.json lists them.")
            : new GatewayError(ErrorKinds.MethodNotAllowed, $"{path} is not allowed; see the Allow header."));
    }
}
