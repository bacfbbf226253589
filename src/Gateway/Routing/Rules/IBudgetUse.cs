using Gateway.Pipeline;

namespace Gateway.Routing.Rules;

/// <summary>How much of its budgets a caller has used, as far as this replica knows; quick, and without calls.</summary>
internal interface IBudgetUse
{
    /// <summary>Percent used: 0 for a caller without such a budget, more than 100 where a provider billed more than was reserved.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The name of a budget or a rate limit; null: of all budgets, the one that is used most.</param>
    double Percent(GatewayContext context, string? name);
}
