namespace Gateway.Budgets;

/// <summary>Where the book says what happened to limits. Called in the background, one at a time.</summary>
internal interface ILimitEvents
{
    /// <summary>Something happened. What it throws is logged and the event is not raised again.</summary>
    ValueTask RaiseAsync(LimitEvent raised, CancellationToken cancellation);
}
