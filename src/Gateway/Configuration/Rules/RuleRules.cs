namespace Gateway.Configuration.Rules;

/// <summary>Checks what the settings of a rule say together: contradictions, duplicates and settings without effect.</summary>
internal static class RuleRules
{
    /// <summary>Reports every broken rule of a list.</summary>
    /// <param name="rules">The list.</param>
    /// <param name="path">Its path.</param>
    /// <param name="problems">Gets the problems.</param>
    public static void Check(IReadOnlyList<RuleConfig> rules, string path, ProblemList problems)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rules.Count; i++)
        {
            var at = $"{path}[{i}]";
            if (problems.Touches(at))
                continue;
            Check(rules[i], at, problems);
            if (!names.Add(rules[i].Name))
                problems.Add($"{at}.name", $"is already the name of another rule of this list (\"{rules[i].Name}\"); names must differ");
        }
    }

    private static void Check(RuleConfig rule, string path, ProblemList problems)
    {
        var isDivided = rule.To.Any(t => t.Weight is not null);
        if (rule.To.Count == 0 && rule.Deny is null && rule.Shadow is null)
            problems.Add(path, "does nothing; write \"to\", \"deny\" or \"shadow\"");
        if (rule.Deny is not null && rule.To.Count > 0)
            problems.Add($"{path}.to", "has no effect, because the rule refuses its requests; keep to or deny");
        if (rule.Deny is not null && rule.Shadow is not null)
            problems.Add($"{path}.shadow", "has no effect, because the rule refuses its requests, and only what a provider was asked is mirrored; keep shadow or deny");
        if (rule.Percent >= 100)
            problems.Add($"{path}.percent", "has no effect: it is all of them; remove it");
        if (rule.Sticky is not null && rule.Percent is null && !(isDivided && rule.To.Count > 1) && rule.Shadow is not { Percent: < 100 })
            problems.Add($"{path}.sticky", "has no effect, because nothing is divided; write percent or weights, or remove it");
        if (isDivided && rule.To.Any(t => t.Weight is null))
            problems.Add($"{path}.to", "mixes targets in order of preference with targets that requests are divided among; write all of them in one way");
        else if (isDivided)
            CheckArms(rule.To, path, problems);
    }

    private static void CheckArms(IReadOnlyList<RuleTargetConfig> arms, string path, ProblemList problems)
    {
        if (arms.All(a => a.Weight == 0))
            problems.Add($"{path}.to", "has no weight above 0; give at least one");
        else if (arms is [{ Weight: not 1 }])
            problems.Add($"{path}.to[0].weight", "has no effect, because there is nothing to divide; remove it, or add another target");
        for (var i = 1; i < arms.Count; i++)
        {
            if (arms[i].Arm is { } arm && arms.Take(i).Any(a => a.Arm == arm))
                problems.Add($"{path}.to[{i}].arm", $"is already the name of another arm (\"{arm}\"); names must differ");
        }
    }
}
