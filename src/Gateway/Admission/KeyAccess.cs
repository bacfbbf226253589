using System.IO.Enumeration;
using Gateway.Routing;

namespace Gateway.Admission;

/// <summary>
/// What a key may use, answered once for each route and remembered: routes and keys are both immutable, and replaced when either changes.
/// Finding an answer again allocates nothing.
/// </summary>
internal sealed class KeyAccess(VirtualKey key)
{
    // Beyond this many routes a key's answers are forgotten and found anew: names that no catalogue has make routes without end.
    private const int MostRemembered = 64;

    private readonly bool _usesEverything = key.Models.Contains("*") && key.ModelsAbove.All(l => l.Contains("*")) && key.Providers.All(l => l.Contains("*"));
    private volatile Answer[] _answers = [];

    /// <summary>The route as this key may use it: without the targets whose provider it may not use. Null when nothing of it is left.</summary>
    public RouteSnapshot? Of(RouteSnapshot route)
    {
        if (_usesEverything)
            return route;
        var answers = _answers;
        foreach (ref readonly var answer in answers.AsSpan())
        {
            if (ReferenceEquals(answer.Route, route))
                return answer.Allowed;
        }

        var allowed = Find(route);
        // Two requests may both write: one answer is then found again.
        _answers = answers.Length >= MostRemembered ? [new(route, allowed)] : [.. answers, new(route, allowed)];
        return allowed;
    }

    /// <summary>As <see cref="Of"/>, without remembering: for those who go through every route there is.</summary>
    public RouteSnapshot? Find(RouteSnapshot route)
    {
        if (_usesEverything)
            return route;
        if (route.Only(t => AllowsProvider(t.Provider.Id)) is not { } allowed || (!key.Routes.Contains(route.Name) && !AllowsModel(key.Models, allowed)))
            return null;
        foreach (var above in key.ModelsAbove)
        {
            if (!AllowsModel(above, allowed))
                return null;
        }

        return allowed;
    }

    /// <summary>Whether every level allows the provider and each of its models.</summary>
    public bool AllowsAllOf(string provider)
    {
        if (!AllowsProvider(provider) || !AllowsAllOf(key.Models, provider))
            return false;
        foreach (var above in key.ModelsAbove)
        {
            if (!AllowsAllOf(above, provider))
                return false;
        }

        return true;
    }

    private bool AllowsProvider(string provider)
    {
        foreach (var level in key.Providers)
        {
            if (!Matches(level, provider))
                return false;
        }

        return true;
    }

    private static bool AllowsModel(IReadOnlyList<string> globs, RouteSnapshot route) =>
        Matches(globs, route.Name) || route.Targets.All(t => Matches(globs, t.Address));

    private static bool AllowsAllOf(IReadOnlyList<string> globs, string provider)
    {
        foreach (var glob in globs)
        {
            if (glob is "*" or "*/*" || (glob.Length == provider.Length + 2 && glob.StartsWith(provider, StringComparison.Ordinal) && glob.EndsWith("/*", StringComparison.Ordinal)))
                return true;
        }

        return false;
    }

    private static bool Matches(IReadOnlyList<string> globs, string name)
    {
        foreach (var glob in globs)
        {
            if (glob == "*" || FileSystemName.MatchesSimpleExpression(glob, name, ignoreCase: false))
                return true;
        }

        return false;
    }

    private readonly record struct Answer(RouteSnapshot Route, RouteSnapshot? Allowed);
}
