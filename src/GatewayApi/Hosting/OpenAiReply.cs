using System.Globalization;
using Gateway.Dialects.OpenAi;
using Gateway.Errors;

namespace GatewayApi.Hosting;

/// <summary>Replies in OpenAI's shape outside the pipeline.</summary>
internal static class OpenAiReply
{
    /// <summary>Answers with an error.</summary>
    public static async Task ErrorAsync(HttpContext http, GatewayError error)
    {
        http.Response.StatusCode = error.Kind.Status;
        http.Response.ContentType = "application/json";
        if (error.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        OpenAiErrors.WriteBody(http.Response.BodyWriter, error);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
