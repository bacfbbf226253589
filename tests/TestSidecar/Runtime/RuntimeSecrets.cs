using System.Text.Json;

namespace TestSidecar.Runtime;

/// <summary>Secrets of a JSON file, read anew each time so that a rotation shows at once.</summary>
internal sealed class RuntimeSecrets(SidecarOptions options)
{
    /// <summary>The secret's values by member, where a plain one has its own name as its only member; null when there is none.</summary>
    public async Task<Dictionary<string, string>?> GetAsync(string name)
    {
        if (options.SecretsFile is null)
            return null;
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(options.SecretsFile));
        if (!json.RootElement.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetString()!)
            : new Dictionary<string, string> { [name] = value.GetString()! };
    }
}
