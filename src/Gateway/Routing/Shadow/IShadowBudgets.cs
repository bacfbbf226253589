using Gateway.Pipeline;

namespace Gateway.Routing.Shadow;

/// <summary>Reserves what copies of requests may cost.</summary>
internal interface IShadowBudgets
{
    /// <summary>Reserves the most that a copy may cost.</summary>
    /// <param name="context">The copy, its route known.</param>
    /// <param name="budget">What it is to be taken from.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What is held until the copy is settled; null: too little is left.</returns>
    ValueTask<IReservation?> ReserveAsync(GatewayContext context, ShadowBudget budget, CancellationToken cancellation);
}
