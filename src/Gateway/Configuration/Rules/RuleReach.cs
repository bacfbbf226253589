using Gateway.Routing.Rules.Language;

namespace Gateway.Configuration.Rules;

/// <summary>Finds rules that no request reaches: what can't be met, and what an earlier rule always decides first.</summary>
/// <param name="problems">Gets the problems.</param>
internal sealed class RuleReach(ProblemList problems)
{
    private readonly List<(string Path, Claim? Claim)> _deciding = [];

    /// <summary>What rules that come after these are checked against.</summary>
    public RuleReach Behind()
    {
        var behind = new RuleReach(problems);
        behind._deciding.AddRange(_deciding);
        return behind;
    }

    /// <summary>Checks the next rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="condition">Its condition; null: it is for every request.</param>
    /// <param name="path">Where it stands.</param>
    public void Add(RuleConfig rule, Condition? condition, string path)
    {
        if (condition?.Constant is { } constant)
            problems.Add($"{path}.when", constant ? "is true for every request; remove it" : "is never true; remove the rule");
        else if (condition is not null && ClaimLogic.IsImpossible(condition.Claim))
            problems.Add($"{path}.when", "can never be true: parts of it contradict each other");
        else
            CheckEarlier(condition, path);
        if ((rule.To.Count > 0 || rule.Deny is not null) && rule.Percent is null && condition?.Constant != false)
            _deciding.Add((path, condition is { Constant: null } ? condition.Claim : null));
    }

    private void CheckEarlier(Condition? condition, string path)
    {
        foreach (var (earlier, claim) in _deciding)
        {
            if (claim is null)
                problems.Add(path, $"is never reached: {earlier} decides for every request");
            else if (condition?.Claim.Text == claim.Text)
                problems.Add($"{path}.when", $"repeats the condition of {earlier}, which comes first; remove one");
            else if (condition is not null && ClaimLogic.Implies(condition.Claim, claim))
                problems.Add($"{path}.when", $"is never reached: whatever meets it meets the condition of {earlier}, which comes first; put this one before it");
            else
                continue;
            return;
        }
    }
}
