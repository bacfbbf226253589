using System.Runtime.CompilerServices;

namespace Gateway.Routing.Rules;

/// <summary>One of the ways that a rule sends requests.</summary>
/// <param name="name">The arm's name in the ledger; null: it has none.</param>
/// <param name="weight">Its share of the rule's requests, relative to the other arms'.</param>
/// <param name="groups">Where its requests go, at least one group: its own targets, then those of the other arms for when its own can't serve.</param>
internal sealed class RuleArm(string? name, int weight, IReadOnlyList<TargetGroup> groups)
{
    // Routes that clients name by an address come and go; what was made of them goes with them.
    private readonly ConditionalWeakTable<RouteSnapshot, RouteSnapshot> _routes = [];

    /// <summary>The arm's name in the ledger; null: it has none.</summary>
    public string? Name { get; } = name;

    /// <summary>Its share of the rule's requests, relative to the other arms'; 0 or more.</summary>
    public int Weight { get; } = weight;

    /// <summary>Where its requests go.</summary>
    public IReadOnlyList<TargetGroup> Groups { get; } = groups;

    /// <summary>A route with this arm's groups in place of its own; always the same one.</summary>
    public RouteSnapshot Of(RouteSnapshot route) => _routes.TryGetValue(route, out var made) ? made : _routes.GetValue(route, r => r with { Groups = Groups });
}
