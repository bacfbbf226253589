using Gateway.Configuration.Documents;
using Gateway.Configuration.Settings;

namespace Gateway.Configuration;

/// <summary>Reads gateway.json and environment overrides strictly, reporting everything that is wrong at once.</summary>
internal static class ConfigurationLoader
{
    /// <summary>Largest file that is read.</summary>
    public const int LargestFile = 4 << 20;

    /// <summary>Loads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="environment">Environment variables.</param>
    /// <param name="optional">True when a missing file stands for an empty one.</param>
    public static ConfigurationResult Load(string path, IReadOnlyDictionary<string, string> environment, bool optional = false)
    {
        var full = Path.GetFullPath(path);
        var fault = ConfigurationFile.Read(full, out var json);
        if (fault is not null && !(optional && !File.Exists(full)))
            return new ConfigurationResult(null, [new ConfigProblem(JsonPath.Root, $"the file {path} {fault}")]);
        return Load(json, environment, Path.GetDirectoryName(full)!) with { ContentHash = ConfigurationFile.Hash(json) };
    }

    /// <summary>Loads from memory.</summary>
    /// <param name="json">UTF-8 JSON; comments and trailing commas are allowed.</param>
    /// <param name="environment">Environment variables.</param>
    /// <param name="baseDirectory">What relative <c>file:</c> references are relative to; null: the working directory.</param>
    public static ConfigurationResult Load(ReadOnlySpan<byte> json, IReadOnlyDictionary<string, string> environment, string? baseDirectory = null)
    {
        var problems = new ProblemList();
        if (ConfigDocumentReader.Read(json, problems) is not { } root) return new ConfigurationResult(null, problems.Items);
        EnvironmentOverrides.Apply(root, environment, problems);
        GatewaySettings.Root.Check(root, JsonPath.Root, problems);
        var config = ConfigBinder.Bind(root, baseDirectory ?? Environment.CurrentDirectory, problems);
        ConfigRules.Check(config, root, problems);
        var result = new ConfigurationResult(config, []) { Document = root };
        return result with { Problems = result.Locate(problems.Items) };
    }
}
