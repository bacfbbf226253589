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
        if (limit.Kind == LimitKind.Held || entry.Attempts == 0 || !IsOf(limit, entry.Operation) || !limit.Counts(entry.RequestedModel, entry.Provider, entry.TargetModel))
            return 0;
        return Amount(limit.Unit, 1, entry.Usage.Input + entry.Usage.Output, entry.CostNanoUsd);
    }

    /// <summary>The same for entries that were summed up: what <see cref="Of(LimitSpec, LedgerEntry)"/> gives for each of them, together.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="series">What the entries have in common.</param>
    /// <param name="sums">Their sums.</param>
    public static long Of(LimitSpec limit, UsageSeries series, in UsageSums sums) =>
        limit.Kind == LimitKind.Held || !series.Reached || !IsOf(limit, series.Operation) || !limit.Counts(series.Model, series.Provider, series.Target)
            ? 0
            : Amount(limit.Unit, sums.Requests, sums.Tokens.Input + sums.Tokens.Output, sums.CostNanoUsd);

    /// <summary>The same for entries that the ledger has summed up for the limit's owner.</summary>
    public static long Of(LimitSpec limit, SpendingLine line) =>
        limit.Kind == LimitKind.Held || !limit.Counts(line.Model, line.Provider, line.Target) ? 0 : Amount(limit.Unit, line.Requests, line.Tokens, line.CostNanoUsd);

    /// <summary>Copies of requests count towards rules' budgets, and only they do.</summary>
    private static bool IsOf(LimitSpec limit, string operation) => limit.Scope == LimitScope.Rule == (operation == LedgerOperations.Shadow);

    private static long Amount(LimitUnit unit, long requests, long tokens, long cost) => unit switch
    {
        LimitUnit.NanoUsd => cost,
        LimitUnit.Tokens => tokens,
        _ => requests,
    };
}
