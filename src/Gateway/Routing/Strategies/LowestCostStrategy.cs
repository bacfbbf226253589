using Gateway.Metering;

namespace Gateway.Routing.Strategies;

/// <summary>The one at whose prices the request is cheapest; of several such, the one with the fewest requests under way.</summary>
internal sealed class LowestCostStrategy : TargetStrategy
{
    // No request has as many, and no price makes them overflow.
    private const long MostTokens = 100_000_000;

    /// <summary>The only one: it keeps nothing.</summary>
    public static LowestCostStrategy Instance { get; } = new();

    public override string Name => "lowest_cost";

    public override int Choose(ReadOnlySpan<TargetSnapshot> candidates, in RouteQuestion question)
    {
        var usage = new TokenUsage(Math.Min(question.InputTokens, MostTokens), question.ExpectedOutput);
        var (best, lowest, fewest) = (0, long.MaxValue, int.MaxValue);
        for (var i = 0; i < candidates.Length; i++)
        {
            var cost = candidates[i].Price is { } price ? CostCalculator.Cost(price, usage) : long.MaxValue;
            if (cost > lowest)
                continue;
            var inFlight = candidates[i].State.InFlight;
            if (cost < lowest || inFlight < fewest)
                (best, lowest, fewest) = (i, cost, inFlight);
        }

        return best;
    }
}
