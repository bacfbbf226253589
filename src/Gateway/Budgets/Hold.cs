namespace Gateway.Budgets;

/// <summary>What a reservation has of one limit.</summary>
/// <param name="State">The limit.</param>
/// <param name="Allowance">Its allowance in the period of the reservation.</param>
/// <param name="Amount">How much is reserved.</param>
/// <param name="Bucket">Where.</param>
internal record struct Hold(LimitState State, Allowance Allowance, long Amount, long Bucket)
{
    /// <summary>How much was left of the allowance when this was settled; meaningless before.</summary>
    public long Left { get; set; }
}
