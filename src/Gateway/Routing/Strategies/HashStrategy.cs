namespace Gateway.Routing.Strategies;

/// <summary>
/// Keeps what hashes alike on one target, so that its prompt cache stays warm: rendezvous hashing, so that a target that comes or goes moves
/// only its own share, weights being shares. A target that is busier than others by far is passed over. What has nothing to hash goes
/// where the fewest requests are under way.
/// </summary>
/// <param name="random">Decides between equals.</param>
internal sealed class HashStrategy(Random random) : TargetStrategy
{
    // So few under way are no load, and half a dozen requests of one conversation stay together.
    private const int NoLoad = 8;

    private const double MostOverMean = 1.25;

    public override string Name => "hash";

    public override int Choose(ReadOnlySpan<TargetSnapshot> candidates, in RouteQuestion question) =>
        question.Affinity != 0 ? Prefer(candidates, question.Affinity) : LeastInFlightStrategy.Fewest(candidates, random);

    /// <summary>The index of the one that a hash belongs to, among those that are not too busy.</summary>
    /// <param name="candidates">At least one.</param>
    /// <param name="affinity">The hash.</param>
    internal static int Prefer(ReadOnlySpan<TargetSnapshot> candidates, ulong affinity)
    {
        long inFlight = 1;
        foreach (var candidate in candidates)
            inFlight += candidate.State.InFlight;
        var most = Math.Max(NoLoad, Math.Ceiling(MostOverMean * inFlight / candidates.Length));
        var (best, highest) = (0, -1.0);
        for (var i = 0; i < candidates.Length; i++)
        {
            if (candidates[i].State.InFlight < most && Score(candidates[i], affinity) is var score && score > highest)
                (best, highest) = (i, score);
        }

        return best;
    }

    private static double Score(TargetSnapshot target, ulong affinity)
    {
        var hash = Mix(affinity ^ target.AddressHash);
        var unit = ((hash >> 11) + 0.5) * (1.0 / (1UL << 53)); // within (0, 1)
        return target.Weight > 0 ? target.Weight / -Math.Log(unit) : unit * 1e-9; // weight 0 below all others, and in an order of its own
    }

    /// <summary>Spreads every bit over all others, as a hash of a single word does.</summary>
    private static ulong Mix(ulong word)
    {
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
        return word ^ (word >> 31);
    }
}
