namespace Gateway.Budgets;

/// <summary>How a limit stands, for reply headers.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Remaining">How much of it can still be reserved, ≥ 0, as far as this replica knows.</param>
/// <param name="Reset">When its window ends; for a rolling one, when all of it has left at the latest.</param>
internal readonly record struct LimitView(LimitSpec Limit, long Remaining, DateTimeOffset Reset)
{
    /// <summary>How a limit stands that has so much left in a period.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="period">The period.</param>
    /// <param name="left">What is left; negative when more was used than there is.</param>
    /// <param name="now">The time.</param>
    public static LimitView Of(LimitSpec limit, LimitPeriod period, long left, DateTimeOffset now) =>
        new(limit, Math.Max(0, left), period.Ends ? period.End : now + period.Rolling);

    /// <summary>The one of two with less left, the first of equals.</summary>
    public static LimitView Tighter(LimitView? first, LimitView second) => first is { } known && known.Remaining <= second.Remaining ? known : second;
}
