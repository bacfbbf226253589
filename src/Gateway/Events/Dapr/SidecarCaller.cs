using System.Security.Cryptography;
using System.Text;

namespace Gateway.Events.Dapr;

/// <summary>
/// Whether a call comes from the application's own sidecar. Where APP_API_TOKEN is set the sidecar sends it with each call; without it only a call that no proxy
/// has passed on can be the sidecar's, for it shares the network of its application.
/// </summary>
/// <param name="token">APP_API_TOKEN, or null.</param>
internal sealed class SidecarCaller(string? token)
{
    /// <summary>The header that carries the token.</summary>
    public const string TokenHeader = "dapr-api-token";

    // What the ingress of a platform adds to every call from elsewhere, whatever the caller sends.
    private static readonly string[] Forwarded = ["X-Forwarded-For", "X-Envoy-External-Address", "Forwarded"];

    private readonly byte[]? _expected = string.IsNullOrEmpty(token) ? null : Hash(token);

    /// <summary>Whether a token is expected.</summary>
    public bool HasToken => _expected is not null;

    /// <summary>Whether the caller is let in.</summary>
    /// <param name="header">Finds a header of the call; null when it has none of the name.</param>
    public bool Allows(Func<string, string?> header)
    {
        if (_expected is not null)
            return CryptographicOperations.FixedTimeEquals(_expected, Hash(header(TokenHeader) ?? ""));
        foreach (var name in Forwarded)
        {
            if (header(name) is not null)
                return false;
        }

        return true;
    }

    // Hashes are compared, so that neither the token's length nor its beginning shows in the time it takes.
    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
