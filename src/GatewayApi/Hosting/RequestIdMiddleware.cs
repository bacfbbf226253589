namespace GatewayApi.Hosting;

/// <summary>Gives every exchange its id, before anything can log or fail.</summary>
internal sealed class RequestIdMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        RequestIds.Assign(http);
        return next(http);
    }
}
