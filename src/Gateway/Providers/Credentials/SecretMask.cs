namespace Gateway.Providers.Credentials;

/// <summary>Takes secrets out of texts.</summary>
internal static class SecretMask
{
    /// <summary>The text with every occurrence of a secret replaced; the text itself when there is none.</summary>
    public static string Apply(string text, ReadOnlySpan<char> secret) =>
        secret.IsEmpty || !text.AsSpan().Contains(secret, StringComparison.Ordinal)
            ? text
            : text.Replace(secret.ToString(), "***", StringComparison.Ordinal);
}
