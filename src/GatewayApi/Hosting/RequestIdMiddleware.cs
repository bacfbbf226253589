using Gateway.Pipeline;

namespace GatewayApi.Hosting;

/// <summary>Gives every exchange its id, before anything can log or fail, and says it in every reply.</summary>
internal sealed class RequestIdMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        http.Response.Headers[ReplyHeaders.RequestId] = RequestIds.Assign(http);
        return next(http);
    }
}
