namespace Gateway.Metering;

/// <summary>Sums over ledger entries.</summary>
/// <param name="Requests">How many.</param>
/// <param name="Completed">How many of them the client was given the whole answer of.</param>
/// <param name="Failed">How many ended in an error instead of an answer.</param>
/// <param name="Interrupted">How many streams ended with an in-stream error.</param>
/// <param name="Aborted">How many the client left.</param>
/// <param name="Estimated">How many were counted by the gateway because the provider did not say.</param>
/// <param name="Tokens">Tokens by class.</param>
/// <param name="CostNanoUsd">Cost in nano-dollars.</param>
internal readonly record struct UsageSums(
    long Requests, long Completed, long Failed, long Interrupted, long Aborted, long Estimated, TokenUsage Tokens, long CostNanoUsd)
{
    /// <summary>One entry.</summary>
    public static UsageSums Of(LedgerEntry entry) => new(
        1,
        entry.Outcome == LedgerOutcome.Completed ? 1 : 0,
        entry.Outcome == LedgerOutcome.Failed ? 1 : 0,
        entry.Outcome == LedgerOutcome.Interrupted ? 1 : 0,
        entry.Outcome == LedgerOutcome.Aborted ? 1 : 0,
        entry.Estimated ? 1 : 0,
        entry.Usage,
        entry.CostNanoUsd);

    /// <summary>Both together.</summary>
    /// <exception cref="OverflowException">The cost exceeds what nano-dollars can say: nine billion dollars.</exception>
    public static UsageSums operator +(UsageSums one, UsageSums other) => new(
        one.Requests + other.Requests,
        one.Completed + other.Completed,
        one.Failed + other.Failed,
        one.Interrupted + other.Interrupted,
        one.Aborted + other.Aborted,
        one.Estimated + other.Estimated,
        one.Tokens + other.Tokens,
        checked(one.CostNanoUsd + other.CostNanoUsd));
}
