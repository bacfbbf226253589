using Gateway.Pipeline;
using Gateway.Routing.Rules;

namespace Gateway.Budgets;

/// <summary>What this replica knows of how much callers have used.</summary>
internal sealed class BudgetUse(AllowanceBook book) : IBudgetUse
{
    /// <inheritdoc/>
    public double Percent(GatewayContext context, string? name)
    {
        var most = 0d;
        var limits = context.Key!.Limits;
        for (var i = 0; i < limits.Count; i++)
        {
            var limit = limits[i];
            if ((name is null ? limit.Kind == LimitKind.Budget : limit.Kind != LimitKind.Held && limit.Name == name) && book.View(limit) is { } view)
                most = Math.Max(most, limit.Amount == 0 ? 100 : 100d * (limit.Amount - view.Remaining) / limit.Amount);
        }

        return most;
    }
}
