using Gateway.Pipeline;

namespace Gateway.Admission;

/// <summary>Where clients put their key: <c>Authorization: Bearer</c> (OpenAI), <c>api-key</c> (Azure) or <c>x-api-key</c> (Anthropic).</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>The value, or empty when no header carries one.</summary>
    public static ReadOnlySpan<char> From(IClientExchange client)
    {
        if (client.Header("Authorization") is { } authorization && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return authorization.AsSpan(Scheme.Length).Trim();
        return (client.Header("x-api-key") ?? client.Header("api-key")).AsSpan().Trim();
    }
}
