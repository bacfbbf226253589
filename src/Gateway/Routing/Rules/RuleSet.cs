namespace Gateway.Routing.Rules;

/// <summary>The rules that requests of a route go through, in order.</summary>
/// <param name="rules">At least one.</param>
internal sealed class RuleSet(IReadOnlyList<Rule> rules)
{
    private readonly Rule[] _rules = [.. rules];

    /// <summary>The rules.</summary>
    public IReadOnlyList<Rule> Rules => _rules;

    /// <summary>Every way that they may send a request.</summary>
    public IEnumerable<RuleArm> Arms => _rules.SelectMany(rule => rule.Arms);

    /// <summary>Goes through the rules up to the first that matches and decides.</summary>
    /// <param name="facts">The request.</param>
    /// <param name="decided">That rule, or null.</param>
    /// <param name="mirrored">The first of these that wants the request mirrored, or null.</param>
    public void Decide(ref RuleFacts facts, out Rule? decided, out Rule? mirrored)
    {
        (decided, mirrored) = (null, null);
        foreach (var rule in _rules)
        {
            if (!rule.Matches(ref facts))
                continue;
            if (mirrored is null && rule.Mirrors(ref facts))
                mirrored = rule;
            if (!rule.Decides)
                continue;
            decided = rule;
            return;
        }
    }
}
