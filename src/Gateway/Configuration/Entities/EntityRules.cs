using System.Text.Json;
using Gateway.Admission.Directory;
using Gateway.Configuration.Documents;
using Gateway.Configuration.Settings;

namespace Gateway.Configuration.Entities;

/// <summary>Checks what several settings of one entity say together: contradictions, and settings without effect.</summary>
internal static class EntityRules
{
    private static readonly string[] Parents = ["user", "team", "customer"];

    /// <summary>Reports every broken rule.</summary>
    /// <param name="node">The entity as written.</param>
    /// <param name="path">Where it is written.</param>
    /// <param name="problems">Gets the problems.</param>
    public static void Check(ConfigNode node, string path, ProblemList problems)
    {
        CheckParents(node, path, problems);
        CheckGlobs(node, path, problems);
        CheckNames(node, path, problems);
        var budgets = Items(node, "budgets");
        for (var i = 0; i < budgets.Count; i++)
            CheckBudget(budgets[i], JsonPath.Item(JsonPath.Member(path, "budgets"), i), problems);
        var rates = Items(node, "rateLimits");
        for (var i = 0; i < rates.Count; i++)
            CheckGlobs(rates[i], JsonPath.Item(JsonPath.Member(path, "rateLimits"), i), problems);
    }

    private static void CheckParents(ConfigNode node, string path, ProblemList problems)
    {
        var written = Parents.Where(name => node.Find(name) is not null).ToList();
        foreach (var other in written.Skip(1))
        {
            var at = JsonPath.Member(path, other);
            if (!problems.Touches(at)) problems.Add(at, $"contradicts {written[0]}, from which it follows; keep one of them");
        }
    }

    private static void CheckNames(ConfigNode node, string path, ProblemList problems)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var count = 0;
        foreach (var list in (ReadOnlySpan<string>)["budgets", "rateLimits"])
        {
            var items = Items(node, list);
            count += items.Count;
            for (var i = 0; i < items.Count; i++)
            {
                if (items[i].Find("name") is { Kind: JsonValueKind.String } name && !names.Add(name.Text))
                    problems.Add(JsonPath.Member(JsonPath.Item(JsonPath.Member(path, list), i), "name"), "is already the name of another limit here; names must differ, also between budgets and rateLimits");
            }
        }

        if (count > EntitySettings.MostLimits)
            problems.Add(path, $"has {count} budgets and rate limits; at most {EntitySettings.MostLimits} are allowed");
    }

    private static void CheckBudget(ConfigNode budget, string path, ProblemList problems)
    {
        if (problems.Touches(path)) return;
        CheckGlobs(budget, path, problems);
        var unit = Text(budget, "unit") ?? "usd";
        var window = Text(budget, "window") ?? "1M";
        var isRolling = budget.Find("rolling")?.Kind == JsonValueKind.True;
        var amount = NumberShape.Read(budget.Find("amount")) ?? 0;
        if (unit == "usd" && amount > LimitCompiler.MostUsd)
            problems.Add(JsonPath.Member(path, "amount"), $"must be at most {LimitCompiler.MostUsd} dollars");
        if (unit != "usd" && !decimal.IsInteger(amount))
            problems.Add(JsonPath.Member(path, "amount"), $"must be a whole number of {unit}");
        if (isRolling && window == "1M")
            problems.Add(JsonPath.Member(path, "rolling"), "needs a window of fixed length, and months differ; write window \"30d\", or drop rolling");
        if (budget.Find("timeZone") is not null && (isRolling || window.EndsWith('h')))
            problems.Add(JsonPath.Member(path, "timeZone"), "has no effect: only calendar windows of a day and longer begin in a time zone; remove it");
        if (unit == "requests" && Text(budget, "whenExceeded") == "clamp")
            problems.Add(JsonPath.Member(path, "whenExceeded"), "has no effect: a request can't be clamped to a part of itself; write \"refuse\", or count usd or tokens");
        CheckAlerts(budget, path, problems);
    }

    private static void CheckAlerts(ConfigNode budget, string path, ProblemList problems)
    {
        var alerts = Items(budget, "alertAt").Select(NumberShape.Read).ToList();
        for (var i = 1; i < alerts.Count; i++)
        {
            if (alerts[i] <= alerts[i - 1])
                problems.Add(JsonPath.Item(JsonPath.Member(path, "alertAt"), i), "must be more than the one before; write them rising");
        }
    }

    private static void CheckGlobs(ConfigNode node, string path, ProblemList problems)
    {
        foreach (var name in (ReadOnlySpan<string>)["models", "providers"])
        {
            var items = Items(node, name);
            if (items.Count > 1 && items.Any(i => i.Text == "*"))
                problems.Add(JsonPath.Member(path, name), "holds \"*\", so its other items have no effect; keep either");
        }
    }

    private static string? Text(ConfigNode node, string name) => node.Find(name) is { Kind: JsonValueKind.String } text ? text.Text : null;

    private static IReadOnlyList<ConfigNode> Items(ConfigNode node, string name) => node.Find(name)?.Items ?? [];
}
