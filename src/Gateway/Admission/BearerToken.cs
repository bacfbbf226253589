using Gateway.Pipeline;

namespace Gateway.Admission;

/// <summary>
/// Where clients put their key: <c>Authorization: Bearer</c> (OpenAI, Cohere, Ollama), <c>x-api-key</c> (Anthropic), <c>api-key</c> (Azure),
/// <c>x-goog-api-key</c> or <c>?key=</c> (Google); or the access key id of a signed request (AWS).
/// </summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";
    private const string Signed = "AWS4-HMAC-SHA256 ";
    private const string AccessKey = "Credential=";

    /// <summary>The value, or empty when there is none.</summary>
    public static ReadOnlySpan<char> From(IClientExchange client)
    {
        if (client.Header("Authorization") is { } authorization)
        {
            if (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
                return authorization.AsSpan(Scheme.Length).Trim();
            if (authorization.StartsWith(Signed, StringComparison.Ordinal))
                return AccessKeyId(authorization.AsSpan(Signed.Length));
        }

        return (client.Header("x-api-key") ?? client.Header("api-key") ?? client.Header("x-goog-api-key") ?? client.Query("key")).AsSpan().Trim();
    }

    /// <summary>The access key id, which is the virtual key. What it signed with is a secret that nobody here knows, so the signature says nothing.</summary>
    private static ReadOnlySpan<char> AccessKeyId(ReadOnlySpan<char> parameters)
    {
        var start = parameters.IndexOf(AccessKey, StringComparison.Ordinal);
        if (start < 0)
            return default;
        var credential = parameters[(start + AccessKey.Length)..];
        var end = credential.IndexOf('/');
        return end < 0 ? default : credential[..end].Trim();
    }
}
