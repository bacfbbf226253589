using Gateway.Pipeline;

namespace GatewayApi.Hosting;

/// <summary>Request ids: the client's own where it is fit to log, otherwise a new one.</summary>
internal static class RequestIds
{
    private const int MaxLength = 128;

    /// <summary>The id of this exchange, once <see cref="Assign"/> has been called.</summary>
    public static string For(HttpContext http) => http.TraceIdentifier;

    /// <summary>Chooses the id of this exchange.</summary>
    public static void Assign(HttpContext http)
    {
        var values = http.Request.Headers[ReplyHeaders.RequestId];
        http.TraceIdentifier = values.Count == 1 && IsFit(values[0]) ? values[0]! : Guid.NewGuid().ToString("N");
    }

    private static bool IsFit(string? id)
    {
        if (string.IsNullOrEmpty(id) || id.Length > MaxLength)
            return false;
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':'))
                return false;
        }

        return true;
    }
}
