namespace Gateway.Configuration.Routes;

/// <summary>Targets that may stand for each other, as declared.</summary>
/// <param name="Strategy">The name of the strategy that chooses among them; null: the first that can serve.</param>
/// <param name="Targets">The targets.</param>
internal sealed record TargetGroupConfig(string? Strategy, IReadOnlyList<TargetConfig> Targets);
