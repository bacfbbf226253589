namespace Gateway.Routing.Strategies;

/// <summary>Each as often as its weight says, evenly mixed; those of weight 0 only when no other can serve.</summary>
/// <param name="random">Where to begin, so that replicas do not all begin with the same.</param>
internal sealed class WeightedStrategy(Random random) : TargetStrategy
{
    private readonly SpreadSequence _sequence = new(random.NextInt64());

    public override string Name => "weighted";

    public override int Choose(ReadOnlySpan<TargetSnapshot> candidates, in RouteQuestion question)
    {
        long total = 0;
        foreach (var candidate in candidates)
            total += candidate.Weight;
        var next = _sequence.Next();
        if (total == 0)
            return (int)(next * candidates.Length);
        var point = (long)(next * total);
        var i = 0;
        while ((point -= candidates[i].Weight) >= 0)
            i++;
        return i;
    }
}
