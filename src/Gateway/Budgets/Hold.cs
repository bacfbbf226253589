namespace Gateway.Budgets;

/// <summary>What a reservation has of one limit.</summary>
/// <param name="State">The limit.</param>
/// <param name="Allowance">Its allowance in the period of the reservation.</param>
/// <param name="Amount">How much is reserved. Once that is settled, how much was then left of the allowance: each request has several of these.</param>
/// <param name="Bucket">Where.</param>
internal record struct Hold(LimitState State, Allowance Allowance, long Amount, long Bucket);
