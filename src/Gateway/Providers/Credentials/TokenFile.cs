using System.Text;
using Gateway.Secrets;

namespace Gateway.Providers.Credentials;

/// <summary>Reads a token that a platform keeps in a file and rotates there.</summary>
internal static class TokenFile
{
    private const int Largest = 64 * 1024;

    /// <summary>Reads it.</summary>
    /// <param name="origin">Whom errors name.</param>
    /// <param name="variable">The environment variable that names the file.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CredentialException">It cannot be read, or is empty.</exception>
    public static async Task<Secret> ReadAsync(CredentialOrigin origin, string variable, string path, CancellationToken cancellation)
    {
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > Largest)
                throw origin.Failed($"was not asked, because the file that {variable} names is too large for a token");
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var token = (await reader.ReadToEndAsync(cancellation).ConfigureAwait(false)).Trim();
            return token.Length > 0 ? new Secret(token) : throw origin.Failed($"was not asked, because the file that {variable} names is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw origin.Failed($"was not asked, because the file that {variable} names cannot be read");
        }
    }
}
