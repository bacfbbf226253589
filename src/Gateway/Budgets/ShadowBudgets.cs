using System.Runtime.CompilerServices;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Routing.Shadow;

namespace Gateway.Budgets;

/// <summary>Budgets of rules for the copies that they make: like any other, but nobody's who calls.</summary>
internal sealed class ShadowBudgets(AllowanceBook book) : IShadowBudgets
{
    private readonly ConditionalWeakTable<ShadowBudget, IReadOnlyList<LimitSpec>> _limits = [];

    /// <inheritdoc/>
    public async ValueTask<IReservation?> ReserveAsync(GatewayContext context, ShadowBudget budget, CancellationToken cancellation)
    {
        var limits = _limits.GetValue(budget, static b => [LimitOf(b)]);
        var worst = WorstCaseEstimator.Of(context, WorstCaseEstimator.BySize(context));
        var result = await book.ReserveAsync(limits, worst, context.Arrived, cancellation).ConfigureAwait(false);
        return result.Reservation is { } reservation ? new Held(reservation) : null;
    }

    private static LimitSpec LimitOf(ShadowBudget budget) => new()
    {
        Id = budget.Id,
        Name = budget.Name,
        Scope = LimitScope.Rule,
        OwnerId = budget.Name,
        Kind = LimitKind.Budget,
        Unit = LimitUnit.NanoUsd,
        Amount = budget.NanoUsdPerDay,
        Window = new WindowSpec(WindowUnit.Day, 1),
    };

    /// <summary>What a copy holds: charged as a copy, which is what only rules' budgets count.</summary>
    private sealed class Held(Reservation reservation) : IReservation
    {
        public void Settle(LedgerEntry entry) => reservation.Settle(ShadowRecord.Of(entry));

        public bool Charge(LedgerEntry entry) => reservation.Charge(ShadowRecord.Of(entry));
    }
}
