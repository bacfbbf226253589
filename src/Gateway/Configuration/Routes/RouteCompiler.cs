using Gateway.Configuration.Documents;
using Gateway.Providers;
using Gateway.Routing;
using Gateway.Routing.Policies;
using Gateway.Routing.Strategies;

namespace Gateway.Configuration.Routes;

/// <summary>Compiles declared routes: addresses become targets, names of strategies become strategies.</summary>
/// <param name="config">The configuration.</param>
/// <param name="providers">Reaches providers in other regions.</param>
/// <param name="factory">Makes targets.</param>
/// <param name="find">Finds an enabled provider by its id, reporting at a path when there is none.</param>
/// <param name="problems">Gets the problems.</param>
internal sealed class RouteCompiler(
    GatewayConfig config, ProviderCompiler providers, TargetFactory factory, Func<string, string, RoutableProvider?> find, ProblemList problems)
{
    private readonly Dictionary<string, (int Limit, string Path)> _limits = new(StringComparer.Ordinal);

    /// <summary>Compiles a route; null, with problems, when nothing of it is left.</summary>
    public RouteSnapshot? Compile(RouteConfig route)
    {
        DataLabels.Check(config, route.Data, RoutePaths.Of(route), problems);
        var groups = new List<TargetGroup>();
        for (var g = 0; g < route.Groups.Count; g++)
        {
            var targets = new List<TargetSnapshot>();
            for (var t = 0; t < route.Groups[g].Targets.Count; t++)
            {
                if (Target(route, route.Groups[g].Targets[t], RoutePaths.Target(route, g, t)) is { } target) targets.Add(target);
            }

            if (targets.Count > 0) groups.Add(new TargetGroup(targets, TargetStrategies.Create(RouteStrategies.Of(route, route.Groups[g])) ?? PriorityStrategy.Instance));
        }

        return groups.Count == 0 || groups.Sum(g => g.Targets.Count) > RouteSnapshot.MostTargets ? null : new RouteSnapshot
        {
            Name = route.Name,
            Groups = groups,
            Strict = route.Strict,
            Timeouts = route.Timeouts.Over(groups[0].Targets[0].Provider.Timeouts),
            Attempts = route.Attempts,
            Rescue = route.Rescue,
            Data = route.Data,
            Affinity = route.Affinity,
            AffinityHeader = route.AffinityHeader,
        };
    }

    private TargetSnapshot? Target(RouteConfig route, TargetConfig written, string path)
    {
        if (written.Provider.Length == 0 || written.Model.Length == 0 || find(written.Provider, path) is not { } usual) return null;
        var provider = usual.Snapshot;
        if (written.Region is { } region)
        {
            if (providers.InRegion(provider, region, written.Residency, JsonPath.Member(path, "region")) is not { } regional) return null;
            provider = regional;
        }

        if (written.Keys is { } keys)
        {
            if (Keys(provider, keys, written.Model, JsonPath.Member(path, "keys")) is not { } narrowed) return null;
            provider = narrowed;
        }

        var terms = new TargetTerms
        {
            Variant = written.Variant,
            Weight = written.Weight ?? TargetTerms.Usual.Weight,
            SpillAbove = written.SpillAbove ?? TargetTerms.Usual.SpillAbove,
            MaxConcurrency = written.MaxConcurrency,
        };
        var target = factory.Create(new RoutableProvider(provider, usual.CatalogueName), written.Model, route.UnknownPrice ?? config.UnknownPrice, terms);
        if (target.LacksKey) problems.Add(path, $"needs a key for this model, and those of the provider \"{provider.Id}\" are for others; add the model to one of its keys");
        CheckData(route.Data, provider, path);
        CheckConcurrency(target, JsonPath.Member(path, "maxConcurrency"));
        return target;
    }

    private ProviderSnapshot? Keys(ProviderSnapshot provider, IReadOnlyList<string> ids, string model, string path)
    {
        // One that could not be compiled is reported where it is declared.
        if (config.Providers.FirstOrDefault(p => p.Id == provider.Id)?.Keys is not { } declared)
        {
            problems.Add(path, $"has no effect: the provider \"{provider.Id}\" has no keys to choose among; give it keys, or remove this");
            return null;
        }

        var known = Enumerable.Range(0, declared.Count).Select(i => CredentialRules.IdOf(declared, i)).ToList();
        if (provider.Credentials is not { } credentials) return null;
        var before = problems.Items.Count;
        for (var i = 0; i < ids.Count; i++)
        {
            if (!known.Contains(ids[i]))
                problems.Add(JsonPath.Item(path, i), $"names the key \"{ids[i]}\", which the provider \"{provider.Id}\" does not have{Suggestion.For(ids[i], known)}");
            else if (credentials.Only([ids[i]])?.For(model) is null && credentials.Only([ids[i]]) is not null)
                problems.Add(JsonPath.Item(path, i), "has no effect: that key does not serve this model; remove it, or add the model to the key");
        }

        if (problems.Items.Count > before) return null;
        if (credentials.For(model) is { } all && all.Keys.All(k => ids.Contains(k.Id)))
            problems.Add(path, "has no effect: these are all the keys that serve this model; remove it");
        return provider with { Credentials = credentials.Only(ids) };
    }

    private void CheckData(DataPolicy? policy, ProviderSnapshot provider, string path)
    {
        if (policy is null || policy.Allows(provider)) return;
        var isElsewhere = !(policy with { Retentions = [] }).Allows(provider);
        var (name, value) = isElsewhere ? ("residency", provider.Residency) : ("retention", provider.Retention);
        problems.Add(path, value is null
            ? $"has no known {name}, and this route allows only some; write it at the provider \"{provider.Id}\", or remove this target"
            : $"has the {name} \"{value}\", which this route does not allow; remove it, or allow that");
    }

    // The limit is the target's: routes share it as they share its state.
    private void CheckConcurrency(TargetSnapshot target, string path)
    {
        if (target.MaxConcurrency is { } limit && !_limits.TryAdd(target.State.Address, (limit, path)) && _limits[target.State.Address] is var first && first.Limit != limit)
            problems.Add(path, $"contradicts {first.Path}, which says {first.Limit} of the same target; keep one of them");
    }
}
