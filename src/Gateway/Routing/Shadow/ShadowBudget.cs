namespace Gateway.Routing.Shadow;

/// <summary>What the copies that a rule makes may cost; callers' budgets are not touched by them.</summary>
/// <param name="Id">Unique in the deployment, and the same after a change of anything but the rule's name.</param>
/// <param name="Name">The rule's name.</param>
/// <param name="NanoUsdPerDay">Nano-dollars for each day in UTC.</param>
internal sealed record ShadowBudget(string Id, string Name, long NanoUsdPerDay);
