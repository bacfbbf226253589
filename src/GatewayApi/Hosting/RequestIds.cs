using Gateway.Pipeline;

namespace GatewayApi.Hosting;

/// <summary>Request ids: the client's own where it is fit to log, otherwise a new one.</summary>
internal static class RequestIds
{
    private const int MaxLength = 128;

    /// <summary>The id of this exchange, once <see cref="Assign"/> has been called.</summary>
    public static string For(HttpContext http) => http.TraceIdentifier;

    /// <summary>Chooses the id of this exchange.</summary>
    public static string Assign(HttpContext http)
    {
        var values = http.Request.Headers[ReplyHeaders.RequestId];
        return http.TraceIdentifier = values.Count == 1 && IsFit(values[0]) ? values[0]! : Create();
    }

    /// <summary>128 random bits in hexadecimal. Unique, not secret: so no system call for cryptographic randomness.</summary>
    private static string Create()
    {
        Span<byte> bits = stackalloc byte[16];
        Random.Shared.NextBytes(bits);
        return Convert.ToHexStringLower(bits);
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
