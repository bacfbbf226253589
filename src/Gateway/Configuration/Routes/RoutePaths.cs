using Gateway.Configuration.Documents;

namespace Gateway.Configuration.Routes;

/// <summary>Where in the document the parts of a route are written.</summary>
internal static class RoutePaths
{
    /// <summary>The route.</summary>
    public static string Of(RouteConfig route) => JsonPath.Member("$.routes", route.Name);

    /// <summary>One of its groups; the route itself when its targets are written there.</summary>
    public static string Group(RouteConfig route, int group) =>
        route.IsGrouped ? JsonPath.Item(JsonPath.Member(Of(route), "groups"), group) : Of(route);

    /// <summary>One of a group's targets.</summary>
    public static string Target(RouteConfig route, int group, int target) => JsonPath.Item(JsonPath.Member(Group(route, group), "targets"), target);

    /// <summary>Every target and where it is written.</summary>
    public static IEnumerable<(TargetConfig Target, string Path)> Targets(RouteConfig route)
    {
        for (var g = 0; g < route.Groups.Count; g++)
        {
            for (var t = 0; t < route.Groups[g].Targets.Count; t++) yield return (route.Groups[g].Targets[t], Target(route, g, t));
        }
    }
}
