namespace Gateway.Routing.Shadow;

/// <summary>Where copies of requests go.</summary>
/// <param name="Target">Who gets them.</param>
/// <param name="Percent">Of which percentage of the rule's requests a copy is made: above 0, at most 100.</param>
/// <param name="Budget">What they may cost.</param>
internal sealed record ShadowPlan(TargetSnapshot Target, double Percent, ShadowBudget Budget);
