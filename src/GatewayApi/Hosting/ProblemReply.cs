using System.Globalization;
using System.Text.Json;
using Gateway.Errors;

namespace GatewayApi.Hosting;

/// <summary>Errors of the admin API, as RFC 9457 has them.</summary>
internal static class ProblemReply
{
    /// <summary>Where the codes are explained; a code is its fragment.</summary>
    private const string Page = "docs/errors.md#";

    /// <summary>Answers with a problem.</summary>
    /// <param name="http">The exchange.</param>
    /// <param name="error">What is wrong.</param>
    /// <param name="errors">Each fault: its path, and how to mend it.</param>
    public static async Task WriteAsync(HttpContext http, GatewayError error, IReadOnlyList<KeyValuePair<string, string>> errors)
    {
        http.Response.StatusCode = error.Kind.Status;
        http.Response.ContentType = "application/problem+json";
        http.Response.Headers.CacheControl = "no-store";
        if (error.Kind.Status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Bearer";
        if (error.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("type"u8, Page + error.Code);
        json.WriteString("title"u8, Title(error.Code));
        json.WriteNumber("status"u8, error.Kind.Status);
        json.WriteString("detail"u8, error.Message);
        json.WriteString("code"u8, error.Code);
        json.WriteStartArray("errors"u8);
        foreach (var (path, message) in errors)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, path);
            json.WriteString("message"u8, message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("requestId"u8, RequestIds.For(http));
        json.WriteEndObject();
    }

    /// <summary>The code as a sentence's beginning: the same for every problem of a type.</summary>
    private static string Title(string code) => char.ToUpperInvariant(code[0]) + code[1..].Replace('_', ' ');
}
