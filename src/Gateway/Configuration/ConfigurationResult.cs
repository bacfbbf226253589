using Gateway.Configuration.Documents;

namespace Gateway.Configuration;

/// <summary>What loading gave.</summary>
/// <param name="Config">What could be read; null when the JSON itself is broken. Use it only when <see cref="IsValid"/>, or to look for more problems.</param>
/// <param name="Problems">Everything that is wrong, in the order of the file where it is known.</param>
internal sealed record ConfigurationResult(GatewayConfig? Config, IReadOnlyList<ConfigProblem> Problems)
{
    /// <summary>The document, to say where a setting was written; null when the JSON is broken.</summary>
    internal ConfigNode? Document { get; init; }

    /// <summary>Hash of the file's bytes, to tell later whether it has changed.</summary>
    internal UInt128 ContentHash { get; init; }

    /// <summary>True when nothing is wrong so far.</summary>
    public bool IsValid => Problems.Count == 0 && Config is not null;

    /// <summary>Completes problems that only know a path with line and column, or with the environment variable that set the value, and sorts them.</summary>
    public IReadOnlyList<ConfigProblem> Locate(IEnumerable<ConfigProblem> problems)
    {
        var list = problems.ToList();
        if (Document is null || list.Count == 0) return list;
        var nodes = new Dictionary<string, ConfigNode>();
        foreach (var (path, node) in Document.Walk()) nodes[path] = node;
        return [.. list.Select(p => Locate(p, nodes)).Distinct().OrderBy(p => p.Line ?? int.MaxValue).ThenBy(p => p.Column)];
    }

    private static ConfigProblem Locate(ConfigProblem problem, Dictionary<string, ConfigNode> nodes)
    {
        if (problem.Line is not null) return problem;
        for (var path = problem.Path; path.Length > 0; path = Parent(path))
        {
            if (!nodes.TryGetValue(path, out var node)) continue;
            if (node.Variable is { } variable)
                return new ConfigProblem(EnvironmentOverrides.ProblemPrefix + variable, Prefix(problem.Path, path) + problem.Message);
            return node.Line > 0 ? problem with { Line = node.Line, Column = node.Column } : problem;
        }

        return problem;
    }

    // A problem of a setting inside what a variable made keeps saying which setting.
    private static string Prefix(string path, string found) => path == found ? "" : $"{path} ";

    // What is missing is best looked for in the section it is missing from.
    private static string Parent(string path)
    {
        if (!path.StartsWith(JsonPath.Root, StringComparison.Ordinal)) return "";
        var end = path.EndsWith("']", StringComparison.Ordinal) ? path.LastIndexOf("['", StringComparison.Ordinal) : path.LastIndexOfAny(['.', '[']);
        return end > 0 ? path[..end] : "";
    }
}
