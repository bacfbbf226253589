namespace Gateway.Configuration.Rules;

/// <summary>One of the places that a rule sends requests to.</summary>
/// <param name="Target">A <c>provider/model</c> address or the name of a route.</param>
internal sealed record RuleTargetConfig(string Target)
{
    /// <summary>Its share relative to the others'; null: the places are written in order of preference, without weights.</summary>
    public int? Weight { get; init; }

    /// <summary>The arm's name in the ledger, or null.</summary>
    public string? Arm { get; init; }
}
