using System.Text;

namespace Gateway.Secrets;

/// <summary>Fetches referenced secrets from the environment, from files or from what the vault has given.</summary>
/// <param name="environment">Environment variables.</param>
/// <param name="baseDirectory">What relative file paths are relative to.</param>
/// <param name="vault">The vault's secrets; null when a configuration is only looked at, so that its vault is not asked.</param>
internal sealed class SecretResolver(IReadOnlyDictionary<string, string> environment, string baseDirectory, VaultCache? vault = null)
{
    private const int LargestFile = 64 * 1024;

    private static readonly Secret NotAsked = new("not-asked");

    /// <summary>Fetches a secret.</summary>
    /// <param name="reference">Where it is.</param>
    /// <param name="secret">The secret, or null.</param>
    /// <returns>Null when it was found, otherwise what is wrong and how to mend it; never the value.</returns>
    public string? Resolve(SecretReference reference, out Secret? secret)
    {
        if (ResolveText(reference, out secret) is { } fault) return fault;

        // A header cannot carry anything else, and a stray line break would otherwise fail every request.
        if (!secret!.Reveal().AsSpan().ContainsAnyExceptInRange('!', '~')) return null;
        secret = null;
        return $"the secret in {reference} holds a space, a line break or a character outside ASCII; it cannot be sent in a header";
    }

    /// <summary>As <see cref="Resolve"/>, for a secret that may be any text, such as a JSON document.</summary>
    public string? ResolveText(SecretReference reference, out Secret? secret)
    {
        secret = null;
        if (reference.IsVault)
        {
            if (vault is not null)
                return vault.Find(reference.Name, out secret);
            secret = NotAsked;
            return null;
        }

        string? value;
        if (!reference.IsFile)
        {
            value = environment.GetValueOrDefault(reference.Name)?.Trim();
            if (string.IsNullOrEmpty(value)) return $"the environment variable {reference.Name} is not set; set it, or name another one";
        }
        else if (ReadFile(Path.GetFullPath(reference.Name, baseDirectory), out value) is { } problem)
        {
            return $"the file {reference.Name} {problem}";
        }

        secret = new Secret(value!);
        return null;
    }

    private static string? ReadFile(string path, out string? value)
    {
        value = null;
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > LargestFile) return $"is larger than {LargestFile / 1024} KiB, too large for a secret";
            using var reader = new StreamReader(stream, Encoding.UTF8);
            value = reader.ReadToEnd().Trim();
            return value.Length == 0 ? "is empty; it must hold the secret" : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "does not exist; create it, or name another one";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return "cannot be read; check its permissions";
        }
    }
}
