using Gateway.Metering;

namespace Gateway.Budgets;

/// <summary>
/// What a recorded reply takes from a limit. Settling and reconciling both ask here, so that a budget's spending is by construction the sum of
/// its ledger entries.
/// </summary>
internal static class Charge
{
    /// <summary>The amount in the limit's unit; 0 when the entry does not count towards it, and for what is only held.</summary>
    public static long Of(LimitSpec limit, LedgerEntry entry)
    {
        if (limit.Kind == LimitKind.Held || entry.Attempts == 0 || !limit.Counts(entry.RequestedModel, entry.Provider, entry.TargetModel))
            return 0;
        return limit.Unit switch
        {
            LimitUnit.NanoUsd => entry.CostNanoUsd,
            LimitUnit.Tokens => entry.Usage.Input + entry.Usage.Output,
            _ => 1,
        };
    }
}
