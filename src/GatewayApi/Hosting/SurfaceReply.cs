using System.Globalization;
using Gateway.Errors;
using Gateway.Surfaces;
using GatewayApi.Endpoints.Admin;

namespace GatewayApi.Hosting;

/// <summary>Replies outside the pipeline, in the shape of the API that the request means.</summary>
internal static class SurfaceReply
{
    /// <summary>Whose API a request means.</summary>
    public static SurfaceFamily FamilyOf(HttpContext http)
    {
        var headers = http.Request.Headers;
        return SurfaceFamilies.Of(
            http.Request.Path.Value,
            headers.ContainsKey("anthropic-version"),
            headers.ContainsKey("x-goog-api-key") || headers.ContainsKey("x-goog-api-client"));
    }

    /// <summary>Answers with an error.</summary>
    public static async Task ErrorAsync(HttpContext http, GatewayError error)
    {
        if (http.Request.Path.StartsWithSegments(AdminRoutes.Base))
        {
            await ProblemReply.WriteAsync(http, error, []);
            return;
        }

        var dialect = FamilyOf(http).Dialect();
        http.Response.StatusCode = error.Kind.Status;
        http.Response.ContentType = "application/json";
        if (error.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (dialect.ErrorHeader(error) is { } own)
            http.Response.Headers[own.Key] = own.Value;
        dialect.WriteError(http.Response.BodyWriter, error, RequestIds.For(http));
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
