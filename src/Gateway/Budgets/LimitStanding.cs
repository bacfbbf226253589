namespace Gateway.Budgets;

/// <summary>How a limit stands over all replicas, as the state store has it.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Used">What was used in the window and reported, in the limit's unit.</param>
/// <param name="Held">What replicas hold: reserved for requests under way, used and not reported yet, or ready for the next ones.</param>
/// <param name="WindowStart">When the window began; null for what is only held.</param>
/// <param name="WindowEnd">When it ends; for a rolling window the moment it was looked at; null for what is only held.</param>
internal sealed record LimitStanding(LimitSpec Limit, long Used, long Held, DateTimeOffset? WindowStart, DateTimeOffset? WindowEnd)
{
    /// <summary>What nobody has used or holds, ≥ 0.</summary>
    public long Remaining => Math.Max(0, Limit.Amount - Amounts.Add(Used, Held));

    /// <summary>What was used, in percent of the amount: 0 to 100, more where a provider billed more than was reserved. 100 for a limit of nothing.</summary>
    public decimal UsedPercent => Limit.Amount == 0 ? 100 : Math.Round(100m * Used / Limit.Amount, 2);
}
