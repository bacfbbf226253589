namespace Gateway.Budgets;

/// <summary>How a limit stands, for reply headers.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Remaining">How much of it can still be reserved, ≥ 0, as far as this replica knows.</param>
/// <param name="Reset">When its window ends; for a rolling one, when all of it has left at the latest.</param>
internal readonly record struct LimitView(LimitSpec Limit, long Remaining, DateTimeOffset Reset)
{
    /// <summary>The one of two with less left, the first of equals.</summary>
    public static LimitView Tighter(LimitView? first, LimitView second) => first is { } known && known.Remaining <= second.Remaining ? known : second;
}
