using System.Text.Encodings.Web;
using Gateway.Errors;
using GatewayApi.Hosting;

namespace GatewayApi.Login;

/// <summary>What a person sees when a login does not come to a good end: a page in a browser, a problem elsewhere.</summary>
internal static class LoginReply
{
    /// <summary>No role.</summary>
    public static readonly GatewayError NotPermitted = new(ErrorKinds.LoginNotPermitted, "You have logged in, but nothing gives you a role here. Ask who runs this gateway.");

    /// <summary>No good end.</summary>
    public static readonly GatewayError Failed = new(ErrorKinds.LoginFailed, "The login did not come to a good end. Begin it again at /admin/login.");

    /// <summary>No provider.</summary>
    public static readonly GatewayError Unavailable = new(ErrorKinds.LoginUnavailable, "The login provider cannot be reached now. Try again in a moment.") { RetryAfter = TimeSpan.FromSeconds(10) };

    /// <summary>Answers.</summary>
    public static async Task WriteAsync(HttpContext http, GatewayError error)
    {
        if (!http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            await ProblemReply.WriteAsync(http, error, []);
            return;
        }

        http.Response.StatusCode = error.Kind.Status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        await http.Response.WriteAsync(
            $"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Log in</title></head>
            <body><h1>Log in</h1><p>{HtmlEncoder.Default.Encode(error.Message)}</p><p><code>{error.Code}</code></p><p><a href="/admin/login">Log in again</a></p></body></html>
            """,
            http.RequestAborted);
    }
}
