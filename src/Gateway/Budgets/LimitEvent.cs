namespace Gateway.Budgets;

/// <summary>What happened to a limit in a period.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Period">The period.</param>
/// <param name="Percent">The percentage passed; 100 for <see cref="LimitEventKind.Exhausted"/>; 0 for <see cref="LimitEventKind.Overrun"/> and <see cref="LimitEventKind.Drift"/>.</param>
/// <param name="Amount">What all replicas have used; for <see cref="LimitEventKind.Overrun"/> by how much more was used than reserved; for <see cref="LimitEventKind.Drift"/> by how much
/// more the ledger says than was counted, negative: less. In the limit's unit.</param>
internal sealed record LimitEvent(LimitEventKind Kind, LimitSpec Limit, LimitPeriod Period, int Percent, long Amount);
