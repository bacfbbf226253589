using System.Collections;

namespace Gateway.Hosting;

/// <summary>The process' environment variables as the rest of the gateway takes them.</summary>
internal static class ProcessVariables
{
    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, string> All() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(one => (string)one.Key, one => (string?)one.Value ?? "", StringComparer.Ordinal);
}
