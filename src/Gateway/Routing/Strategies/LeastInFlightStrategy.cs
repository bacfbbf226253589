namespace Gateway.Routing.Strategies;

/// <summary>The one with the fewest requests under way; of several such, any.</summary>
/// <param name="random">Decides between equals.</param>
internal sealed class LeastInFlightStrategy(Random random) : TargetStrategy
{
    public override string Name => "least_in_flight";

    public override int Choose(ReadOnlySpan<TargetSnapshot> candidates, in RouteQuestion question) => Fewest(candidates, random);

    /// <summary>The index of the one with the fewest requests under way.</summary>
    /// <param name="candidates">At least one.</param>
    /// <param name="random">Decides between equals.</param>
    internal static int Fewest(ReadOnlySpan<TargetSnapshot> candidates, Random random)
    {
        var (best, fewest, equals) = (0, int.MaxValue, 0);
        for (var i = 0; i < candidates.Length; i++)
        {
            var inFlight = candidates[i].State.InFlight;
            if (inFlight < fewest)
                (best, fewest, equals) = (i, inFlight, 1);
            else if (inFlight == fewest && random.Next(++equals) == 0) // each of k equals with 1/k
                best = i;
        }

        return best;
    }
}
