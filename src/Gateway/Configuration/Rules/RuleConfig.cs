using Gateway.Routing.Rules;

namespace Gateway.Configuration.Rules;

/// <summary>One rule as declared.</summary>
/// <param name="Name">Its name, unique in its list.</param>
internal sealed record RuleConfig(string Name)
{
    /// <summary>The condition; null: every request.</summary>
    public string? When { get; init; }

    /// <summary>The percentage of matching requests that it is for; null: all of them.</summary>
    public double? Percent { get; init; }

    /// <summary>Who stays in a part or an arm; null: the default.</summary>
    public Stickiness? Sticky { get; init; }

    /// <summary>Where requests go; empty: it does not say.</summary>
    public IReadOnlyList<RuleTargetConfig> To { get; init; } = [];

    /// <summary>What a client is told whose request is refused; null: it is not.</summary>
    public string? Deny { get; init; }

    /// <summary>Where copies go; null: none are made.</summary>
    public RuleShadowConfig? Shadow { get; init; }
}
