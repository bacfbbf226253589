using Gateway.Configuration.Documents;
using Gateway.Configuration.Routes;
using Gateway.Routing;
using Gateway.Routing.Health;
using Gateway.Routing.Policies;
using Gateway.Routing.Rules;
using Gateway.Routing.Rules.Language;
using Gateway.Routing.Shadow;

namespace Gateway.Configuration.Rules;

/// <summary>Compiles rules: conditions are checked, names of targets and routes become groups of targets.</summary>
/// <param name="config">The configuration.</param>
/// <param name="routes">The compiled routes.</param>
/// <param name="factory">Makes targets.</param>
/// <param name="providers">Enabled providers.</param>
/// <param name="states">The live states that conditions may ask for.</param>
/// <param name="find">Finds an enabled provider by its id, reporting at a path when there is none.</param>
/// <param name="problems">Gets the problems.</param>
internal sealed class RuleCompiler(
    GatewayConfig config, IReadOnlyList<RouteSnapshot> routes, TargetFactory factory, IReadOnlyList<RoutableProvider> providers, TargetStates states, Func<string, string, RoutableProvider?> find, ProblemList problems)
{
    private const string CommonPath = "$.rules";

    private readonly RuleNames _names = new(address => providers.Any(p => p.Snapshot.Id == new TargetConfig(address).Provider) ? states.Of(address) : null);

    /// <summary>Compiles all rules; null when there are none.</summary>
    public RuleBook? Compile()
    {
        var reach = new RuleReach(problems);
        var common = Compile(config.Rules, null, CommonPath, reach);
        var own = new List<KeyValuePair<string, IReadOnlyList<Rule>>>();
        foreach (var route in config.Routes)
        {
            if (route.Rules.Count > 0)
                own.Add(new(route.Name, Compile(route.Rules, route, JsonPath.Member(RoutePaths.Of(route), "rules"), reach.Behind())));
        }

        return common.Count == 0 && own.Count == 0 ? null : new RuleBook(common, own);
    }

    private List<Rule> Compile(IReadOnlyList<RuleConfig> rules, RouteConfig? route, string path, RuleReach reach)
    {
        var compiled = new List<Rule>(rules.Count);
        for (var i = 0; i < rules.Count; i++)
        {
            var (rule, at) = (rules[i], JsonPath.Item(path, i));
            var condition = Condition(rule.When, $"{at}.when");
            if (rule.When is null || condition is not null)
                reach.Add(rule, condition, at);
            compiled.Add(new Rule(rule.Name)
            {
                When = condition?.Holds,
                Percent = rule.Percent,
                Sticky = rule.Sticky ?? default,
                Arms = Arms(rule.To, route, $"{at}.to"),
                Deny = rule.Deny,
                Shadow = rule.Shadow is { } shadow ? Shadow(rule, shadow, route, $"{at}.shadow.target") : null,
            });
        }

        return compiled;
    }

    private Condition? Condition(string? when, string path)
    {
        if (when is null)
            return null;
        var faults = new List<ExpressionProblem>();
        var condition = ExpressionCompiler.Compile(when, _names, faults);
        foreach (var fault in faults)
            problems.Add(path, $"{fault.Message}{(fault.Unknown is null ? "" : Suggestion.For(fault.Unknown, fault.Known))} (at character {fault.Position + 1})");
        return condition;
    }

    private List<RuleArm> Arms(IReadOnlyList<RuleTargetConfig> to, RouteConfig? route, string path)
    {
        var isDivided = to.Any(t => t.Weight is not null);
        var places = new List<IReadOnlyList<TargetGroup>>();
        for (var i = 0; i < to.Count; i++)
            places.Add(Groups(to[i].Target, route, isDivided ? $"{path}[{i}].target" : $"{path}[{i}]"));
        if (places.Count == 0 || places.Exists(p => p.Count == 0))
            return []; // reported
        if (places.Sum(p => p.Sum(g => g.Targets.Count)) > RouteSnapshot.MostTargets)
        {
            problems.Add(path, $"leads to more than {RouteSnapshot.MostTargets} targets; name fewer");
            return [];
        }

        if (!isDivided)
            return [new RuleArm(null, 1, [.. places.SelectMany(p => p)])];
        // When an arm's own targets can't serve, the others' do: an experiment must not cost its subjects the answer.
        return [.. to.Select((target, i) => new RuleArm(target.Arm, target.Weight ?? 1, [.. places[i], .. places.Where((_, other) => other != i).SelectMany(p => p)]))];
    }

    private IReadOnlyList<TargetGroup> Groups(string name, RouteConfig? route, string path)
    {
        if (problems.Touches(path))
            return [];
        if (routes.FirstOrDefault(r => r.Name == name) is { } named)
        {
            foreach (var target in named.Targets)
                CheckData(target, route, path);
            return named.Groups;
        }

        if (config.Routes.Any(r => r.Name == name))
            return []; // one that could not be compiled is reported where it is declared
        if (Target(name, route, path) is { } only)
            return [TargetGroup.InOrder(only)];
        if (!problems.Touches(path))
            problems.Add(path, $"names \"{name}\", which is neither a route nor a \"provider/model\" address{Suggestion.For(name, config.Routes.Select(r => r.Name))}");
        return [];
    }

    private TargetSnapshot? Target(string address, RouteConfig? route, string path)
    {
        var written = new TargetConfig(address);
        if (written.Provider.Length == 0 || written.Model.Length == 0 || find(written.Provider, path) is not { } provider)
            return null;
        var target = factory.Create(provider, written.Model, route?.UnknownPrice ?? config.UnknownPrice);
        if (target.LacksKey)
            problems.Add(path, $"needs a key for this model, and those of the provider \"{written.Provider}\" are for others; add the model to one of its keys");
        CheckData(target, route, path);
        return target;
    }

    private ShadowPlan? Shadow(RuleConfig rule, RuleShadowConfig shadow, RouteConfig? route, string path) =>
        problems.Touches(path) || Target(shadow.Target, route, path) is not { } target
            ? null
            : new ShadowPlan(target, shadow.Percent, new ShadowBudget($"rule:{route?.Name}:{rule.Name}", rule.Name, shadow.NanoUsdPerDay));

    private void CheckData(TargetSnapshot target, RouteConfig? route, string path)
    {
        if (route?.Data is { } policy && !policy.Allows(target.Provider) && !problems.Touches(path))
            problems.Add(path, $"leads to \"{target.Address}\", which the route's residency or retention does not allow; remove it, or allow where it is and how long it keeps data");
    }
}
