using Gateway.Pipeline;

namespace Gateway.Admission.Tokens;

/// <summary>Tells tokens (JWT) from virtual keys by their form.</summary>
internal static class TokenText
{
    /// <summary>Whether a presented value has the form of a signed token: a JSON header and two more parts.</summary>
    public static bool Is(ReadOnlySpan<char> value) =>
        value.StartsWith("eyJ", StringComparison.Ordinal) && value.Length <= TokenHash.MaxTokenLength && value.Count('.') == 2;

    /// <summary>The token that a caller presents where keys are presented; empty when it is none.</summary>
    public static ReadOnlySpan<char> From(IClientExchange client)
    {
        var value = BearerToken.From(client);
        return Is(value) ? value : default;
    }
}
