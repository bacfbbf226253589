using Gateway.Admission.Directory;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Routes;
using Gateway.Routing;
using Gateway.Routing.Policies;

namespace Gateway.Configuration.Entities;

/// <summary>Finds names in declared entities to which nothing answers: models, routes and providers.</summary>
internal sealed class NameChecker(ModelDirectory models, GatewayConfig config, IReadOnlyList<RoutableProvider> providers, ProblemList problems)
{
    private readonly HashSet<string> _routes = [.. config.Routes.Select(r => r.Name)];
    private readonly HashSet<string> _providers = [.. providers.Select(p => p.Snapshot.Id)];

    /// <summary>Reports every such name.</summary>
    public void Check(Entity entity, string path)
    {
        CheckLists(path, entity.Models, entity.Providers);
        CheckData(path, entity);
        for (var i = 0; i < entity.Budgets.Count; i++)
            CheckLists(JsonPath.Item(JsonPath.Member(path, "budgets"), i), entity.Budgets[i].Models, entity.Budgets[i].Providers);
        for (var i = 0; i < entity.RateLimits.Count; i++)
            CheckLists(JsonPath.Item(JsonPath.Member(path, "rateLimits"), i), entity.RateLimits[i].Models, entity.RateLimits[i].Providers);
        var named = (entity as KeyEntity)?.Routes ?? [];
        for (var i = 0; i < named.Count; i++)
        {
            if (!_routes.Contains(named[i]))
                problems.Add(JsonPath.Item(JsonPath.Member(path, "routes"), i), $"names the route \"{named[i]}\", which does not exist{Suggestion.For(named[i], _routes)}");
        }
    }

    private void CheckData(string path, Entity entity)
    {
        if (DataPolicy.Of(entity.Residency, entity.Retention) is not { } policy) return;
        DataLabels.Check(config, policy, path, problems);
        foreach (var (list, names) in (ReadOnlySpan<(string, IReadOnlyList<string>?)>)[("models", entity.Models), ("routes", (entity as KeyEntity)?.Routes)])
        {
            for (var i = 0; i < names?.Count; i++)
            {
                if (!IsGlob(names[i]) && models.Resolve(names[i])?.Targets.Any(t => policy.Allows(t.Provider)) == false)
                    problems.Add(JsonPath.Item(JsonPath.Member(path, list), i), $"names \"{names[i]}\", none of whose targets is where the residency and retention here allow; remove it, or allow that");
            }
        }
    }

    private void CheckLists(string path, IReadOnlyList<string>? modelNames, IReadOnlyList<string>? providerNames)
    {
        for (var i = 0; i < modelNames?.Count; i++)
        {
            if (!IsGlob(modelNames[i]) && models.Resolve(modelNames[i]) is null)
                problems.Add(JsonPath.Item(JsonPath.Member(path, "models"), i), $"names \"{modelNames[i]}\", to which nothing answers; name a route, a \"provider/model\" or a glob");
        }

        for (var i = 0; i < providerNames?.Count; i++)
        {
            if (!IsGlob(providerNames[i]) && !_providers.Contains(providerNames[i]))
                problems.Add(JsonPath.Item(JsonPath.Member(path, "providers"), i), $"names the provider \"{providerNames[i]}\", which is not enabled{Suggestion.For(providerNames[i], _providers)}");
        }
    }

    private static bool IsGlob(string name) => name.AsSpan().ContainsAny('*', '?');
}
