namespace Gateway.Secrets;

/// <summary>Names of secrets in a vault: <c>NAME</c> or <c>NAME/member</c>.</summary>
internal static class SecretName
{
    /// <summary>Whether a text is one: visible ASCII, at most one slash with something on both sides.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        return text.Length is > 0 and <= 256 && !text.ContainsAnyExceptInRange('!', '~')
            && (slash < 0 || (slash > 0 && slash < text.Length - 1 && !text[(slash + 1)..].Contains('/')));
    }

    /// <summary>The name and the member, null where there is none.</summary>
    public static (string Name, string? Member) Split(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (text, null) : (text[..slash], text[(slash + 1)..]);
    }
}
