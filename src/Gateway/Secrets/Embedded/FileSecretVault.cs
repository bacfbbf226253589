using System.Text.Json;

namespace Gateway.Secrets.Embedded;

/// <summary>
/// Secrets in a JSON file: names to a text, or to an object of texts. Only its owner may be able to read it. The file is read for each secret, so that a
/// replaced one counts at once.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class FileSecretVault(string path) : ISecretVault
{
    private const int LargestFile = 1 << 20;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public async ValueTask<Secret?> GetAsync(string name, CancellationToken cancellation = default)
    {
        var (key, member) = SecretName.Split(name);
        var content = await ReadAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var json = JsonDocument.Parse(content, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty(key, out var value))
                return null;
            if (member is not null && (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(member, out value)))
                return null;
            return value.ValueKind == JsonValueKind.String
                ? new Secret(value.GetString()!)
                : throw new IOException(member is null ? $"the secret '{key}' in {path} has members; name one of them after a slash" : $"the secret '{name}' in {path} is not a text");
        }
        catch (JsonException)
        {
            throw new IOException($"the secrets file {path} is not valid JSON");
        }
    }

    private async Task<byte[]> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // Of the file that was opened, so that nobody can put another in its place in between.
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != 0)
                throw new IOException($"the secrets file {path} can be used by others than its owner; chmod 600 it");
            if (file.Length > LargestFile)
                throw new IOException($"the secrets file {path} is larger than {LargestFile >> 10} KiB");
            using var content = new MemoryStream();
            await file.CopyToAsync(content, cancellation).ConfigureAwait(false);
            return content.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"the secrets file {path} does not exist; create it, for its owner alone");
        }
        catch (UnauthorizedAccessException)
        {
            throw new IOException($"the secrets file {path} cannot be read; check its permissions");
        }
    }
}
