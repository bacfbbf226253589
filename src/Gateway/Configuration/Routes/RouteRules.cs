using Gateway.Configuration.Documents;
using Gateway.Providers.Profiles;
using Gateway.Routing;
using Gateway.Routing.Policies;

namespace Gateway.Configuration.Routes;

/// <summary>Checks what the settings of routes say together: contradictions, and settings without effect.</summary>
internal static class RouteRules
{
    /// <summary>Reports every broken rule.</summary>
    /// <param name="config">What could be read.</param>
    /// <param name="root">The document, to know what was written.</param>
    /// <param name="problems">Gets the problems; those already in it keep their consequences from being reported too.</param>
    public static void Check(GatewayConfig config, ConfigNode root, ProblemList problems)
    {
        foreach (var route in config.Routes)
        {
            CheckName(route, config, problems);
            var node = root.Find("routes")!.Find(route.Name)!;
            CheckTargets(route, problems);
            for (var g = 0; g < route.Groups.Count; g++) CheckGroup(route, g, problems);
            AttemptRules.Check(route, node, problems);
            if (route.Affinity != AffinityPolicy.None && route.Groups.Count > 0 && route.Groups.All(g => g.Targets.Count == 1))
                Add(JsonPath.Member(RoutePaths.Of(route), "affinity"), "has no effect: no group has targets to choose among; remove it");
        }

        void Add(string path, string message)
        {
            if (!problems.Touches(path)) problems.Add(path, message);
        }
    }

    private static void CheckName(RouteConfig route, GatewayConfig config, ProblemList problems)
    {
        var slash = route.Name.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0) return;
        var prefix = route.Name[..slash];
        if (prefix == ProviderProfiles.Simulator || ProviderProfiles.Find(prefix) is not null || config.Providers.Any(p => p.Id == prefix))
            problems.Add(RoutePaths.Of(route), $"looks like a model of the provider \"{prefix}\" and would hide it; choose a name that does not begin with \"{prefix}/\"");
    }

    private static void CheckTargets(RouteConfig route, ProblemList problems)
    {
        var count = route.Targets.Count();
        if (count > RouteSnapshot.MostTargets && route.Groups.All(g => g.Targets.Count <= RouteSnapshot.MostTargets))
            problems.Add(RoutePaths.Of(route), $"has {count} targets in all; at most {RouteSnapshot.MostTargets} are allowed");
        var seen = new HashSet<(string, string?)>();
        foreach (var (target, path) in RoutePaths.Targets(route))
        {
            if (target.Address.Length > 0 && !seen.Add((target.Address, target.Variant)) && !problems.Touches(path))
                problems.Add(path, "repeats an earlier target; remove one");
            if (target.Residency is not null && target.Region is null && !problems.Touches(path))
                problems.Add(JsonPath.Member(path, "residency"), $"has no effect without region: the provider says where it is; write it there, as residency of \"{target.Provider}\"");
        }
    }

    private static void CheckGroup(RouteConfig route, int index, ProblemList problems)
    {
        var group = route.Groups[index];
        var path = RoutePaths.Group(route, index);
        var at = JsonPath.Member(path, "strategy");
        if (problems.Touches(at)) return;
        var strategy = RouteStrategies.Of(route, group);
        if (group.Strategy is not null && group.Targets.Count == 1)
            problems.Add(at, "has no effect: there is one target to choose; remove it, or add targets");
        else if (group.Strategy == RouteStrategies.Hash && route.Affinity == AffinityPolicy.None)
            problems.Add(at, "has no effect without affinity, which says what belongs together; write the route's affinity, such as \"prompt\"");
        else if (group.Strategy is not null && RouteStrategies.IsOrdered(strategy) && route.Affinity != AffinityPolicy.None)
            problems.Add(at, "contradicts affinity, which spreads requests over all targets; remove one of them");
        CheckWeights(route, group, index, problems);
        CheckSpill(route, group, index, problems);
    }

    private static void CheckWeights(RouteConfig route, TargetGroupConfig group, int index, ProblemList problems)
    {
        var areUsed = RouteStrategies.UsesWeights(route, group) && group.Targets.Count > 1;
        for (var t = 0; t < group.Targets.Count; t++)
        {
            var at = JsonPath.Member(RoutePaths.Target(route, index, t), "weight");
            if (group.Targets[t].Weight is not null && !areUsed && !problems.Touches(at))
                problems.Add(at, group.Targets.Count == 1 ? "has no effect: there is one target to choose; remove it, or add targets" : $"has no effect: the strategy {RouteStrategies.Of(route, group)} looks at no weights; remove it, or write \"strategy\": \"weighted\"");
        }

        if (areUsed && group.Targets.All(t => t.Weight == 0))
            problems.Add(JsonPath.Member(RoutePaths.Group(route, index), "targets"), "have all a weight of 0, so that none has a share; give one of them a weight");
    }

    private static void CheckSpill(RouteConfig route, TargetGroupConfig group, int index, ProblemList problems)
    {
        for (var t = 0; t < group.Targets.Count; t++)
        {
            var at = JsonPath.Member(RoutePaths.Target(route, index, t), "spillAbove");
            if (group.Targets[t].SpillAbove is null || problems.Touches(at)) continue;
            if (RouteStrategies.Of(route, group) != RouteStrategies.Spillover)
                problems.Add(at, "has no effect: only the strategy spillover looks at it; remove it, or write \"strategy\": \"spillover\"");
            else if (t == group.Targets.Count - 1)
                problems.Add(at, "has no effect: the last target takes what the others do not; remove it");
        }
    }
}
