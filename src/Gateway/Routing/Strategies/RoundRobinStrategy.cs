namespace Gateway.Routing.Strategies;

/// <summary>One after the other.</summary>
/// <param name="random">Where to begin, so that replicas do not all begin with the same.</param>
internal sealed class RoundRobinStrategy(Random random) : TargetStrategy
{
    private int _count = random.Next();

    public override string Name => "round_robin";

    public override int Choose(ReadOnlySpan<TargetSnapshot> candidates, in RouteQuestion question) =>
        (int)((uint)Interlocked.Increment(ref _count) % (uint)candidates.Length);
}
