using Gateway.Routing.Policies;
using Gateway.Routing.Strategies;

namespace Gateway.Configuration.Routes;

/// <summary>The strategies that a group can name, and which settings mean something to them.</summary>
internal static class RouteStrategies
{
    /// <summary>Keeps on one target what belongs together.</summary>
    public const string Hash = "hash";

    /// <summary>Goes on to the next target when one is busy.</summary>
    public const string Spillover = "spillover";

    /// <summary>Every name.</summary>
    public static readonly IReadOnlyList<string> Names = [.. TargetStrategies.All.Select(s => s.Key)];

    /// <summary>The strategy of a group, written or not.</summary>
    public static string Of(RouteConfig route, TargetGroupConfig group) =>
        group.Strategy ?? (route.Affinity == AffinityPolicy.None ? TargetStrategies.Default : Hash);

    /// <summary>Whether it goes by the order in which targets are written, which affinity would not.</summary>
    public static bool IsOrdered(string name) => name is TargetStrategies.Default or Spillover;

    /// <summary>Whether the weights of targets mean something in a group.</summary>
    public static bool UsesWeights(RouteConfig route, TargetGroupConfig group) =>
        Of(route, group) is "weighted" or Hash || (route.Affinity != AffinityPolicy.None && !IsOrdered(Of(route, group)));
}
