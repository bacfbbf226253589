namespace Gateway.Configuration;

/// <summary>Loading and compiling in one go, so that the problems of both are reported at once.</summary>
internal sealed class ConfigurationBuild
{
    private ConfigurationBuild(ConfigurationResult loaded, CompileInputs inputs)
    {
        Config = loaded.Config;
        ContentHash = loaded.ContentHash;
        var compiled = loaded.Config is null ? null : SnapshotCompiler.Compile(loaded.Config, inputs);
        Problems = compiled is null ? loaded.Problems : Merge(loaded, compiled.Problems);
        Providers = compiled?.Providers ?? [];
        Snapshot = Problems.Count == 0 ? compiled?.Snapshot : null;
    }

    /// <summary>What could be read; null when the JSON is broken.</summary>
    public GatewayConfig? Config { get; }

    /// <summary>The snapshot; null exactly when there are problems.</summary>
    public GatewaySnapshot? Snapshot { get; }

    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; }

    /// <summary>Every enabled provider and where it comes from, preferred first.</summary>
    public IReadOnlyList<EffectiveProvider> Providers { get; }

    /// <summary>Hash of the file's bytes.</summary>
    internal UInt128 ContentHash { get; }

    /// <summary>Builds from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="optional">True when a missing file stands for an empty one.</param>
    /// <param name="inputs">What compiling needs.</param>
    public static ConfigurationBuild FromFile(string path, bool optional, CompileInputs inputs) =>
        new(ConfigurationLoader.Load(path, inputs.Environment, optional), inputs);

    /// <summary>Builds from memory.</summary>
    public static ConfigurationBuild FromBytes(ReadOnlySpan<byte> json, CompileInputs inputs, string? baseDirectory = null) =>
        new(ConfigurationLoader.Load(json, inputs.Environment, baseDirectory), inputs);

    // What loading refused at a path, compiling may trip over again: the first report says how to mend it.
    private static IReadOnlyList<ConfigProblem> Merge(ConfigurationResult loaded, IReadOnlyList<ConfigProblem> compiled)
    {
        var fresh = loaded.Locate(compiled).Where(c => !loaded.Problems.Any(l => l.Path == c.Path));
        return loaded.Locate(loaded.Problems.Concat(fresh));
    }
}
