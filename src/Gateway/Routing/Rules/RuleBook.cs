using System.Collections.Frozen;

namespace Gateway.Routing.Rules;

/// <summary>All rules of a configuration. Those for all routes come before a route's own, so that no route gets around them.</summary>
internal sealed class RuleBook
{
    private readonly RuleSet? _common;
    private readonly FrozenDictionary<string, RuleSet> _ofRoutes;

    /// <summary>Makes one.</summary>
    /// <param name="common">Rules for all routes.</param>
    /// <param name="ofRoutes">Rules of routes by name.</param>
    public RuleBook(IReadOnlyList<Rule> common, IEnumerable<KeyValuePair<string, IReadOnlyList<Rule>>> ofRoutes)
    {
        _common = common.Count > 0 ? new RuleSet(common) : null;
        _ofRoutes = ofRoutes.Where(r => r.Value.Count > 0).ToFrozenDictionary(r => r.Key, r => new RuleSet([.. common, .. r.Value]));
    }

    /// <summary>The rules that requests of a route go through; null: none.</summary>
    /// <param name="route">The route's name.</param>
    public RuleSet? Of(string route) => _ofRoutes.Count > 0 && _ofRoutes.TryGetValue(route, out var own) ? own : _common;
}
