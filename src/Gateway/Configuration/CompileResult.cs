namespace Gateway.Configuration;

/// <summary>What compiling gave.</summary>
/// <param name="Snapshot">The snapshot; null when there are problems.</param>
/// <param name="Problems">Everything that is wrong.</param>
/// <param name="Providers">Every enabled provider and where it comes from, preferred first.</param>
internal sealed record CompileResult(
    GatewaySnapshot? Snapshot, IReadOnlyList<ConfigProblem> Problems, IReadOnlyList<EffectiveProvider> Providers);
