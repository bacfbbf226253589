namespace Gateway.Secrets;

/// <summary>Where a secret is kept. Configuration holds references, never the secrets themselves.</summary>
/// <param name="IsFile">True for <c>file:PATH</c>, false for the others.</param>
/// <param name="Name">The path, the variable's name or the name in the vault.</param>
internal sealed record SecretReference(bool IsFile, string Name)
{
    /// <summary>What to write, for messages.</summary>
    public const string Forms = "\"env:NAME\" (an environment variable), \"file:PATH\" (a file that holds only the secret) or \"secret:NAME\" (a secret of the vault)";

    private const string VaultPrefix = "secret:";

    /// <summary>True for <c>secret:NAME</c> and <c>secret:NAME/member</c>.</summary>
    public bool IsVault { get; init; }

    /// <summary>Reads a reference; null when the text is not one (it may then be a secret: do not repeat it).</summary>
    public static SecretReference? Parse(string text)
    {
        if (text.StartsWith("env:", StringComparison.Ordinal))
        {
            var name = text[4..];
            return name.Length > 0 && !name.AsSpan().ContainsAnyExceptInRange('!', '~') && !name.Contains('=', StringComparison.Ordinal) ? new SecretReference(false, name) : null;
        }

        if (text.StartsWith(VaultPrefix, StringComparison.Ordinal))
            return SecretName.IsValid(text.AsSpan(VaultPrefix.Length)) ? new SecretReference(false, text[VaultPrefix.Length..]) { IsVault = true } : null;

        return text.StartsWith("file:", StringComparison.Ordinal) && text.AsSpan(5).Trim().Length > 0
            ? new SecretReference(true, text[5..])
            : null;
    }

    /// <summary>The reference as written.</summary>
    public override string ToString() => (IsVault ? VaultPrefix : IsFile ? "file:" : "env:") + Name;
}
