namespace Gateway.Routing.Strategies;

/// <summary>
/// Each in proportion to what its provider says is left of its rate limits, counted in requests like this one. A target that says nothing
/// gets the share of an average one.
/// </summary>
/// <param name="random">Where to begin, so that replicas do not all begin with the same.</param>
internal sealed class UsageBasedStrategy(Random random) : TargetStrategy
{
    private readonly SpreadSequence _sequence = new(random.NextInt64());

    public override string Name => "usage_based";

    public override int Choose(ReadOnlySpan<TargetSnapshot> candidates, in RouteQuestion question)
    {
        Span<double> left = stackalloc double[candidates.Length];
        var (sum, known) = (0.0, 0);
        for (var i = 0; i < candidates.Length; i++)
        {
            left[i] = candidates[i].State.Headroom.RequestsLeft(question.Now, question.InputTokens + question.ExpectedOutput);
            if (double.IsNaN(left[i]))
                continue;
            known++;
            sum += left[i];
        }

        var average = known == 0 ? 1 : sum / known;
        var total = sum + (average * (candidates.Length - known));
        var next = _sequence.Next();
        if (total <= 0)
            return (int)(next * candidates.Length);
        var point = next * total;
        for (var i = 0; i < left.Length; i++)
        {
            point -= double.IsNaN(left[i]) ? average : left[i];
            if (point < 0)
                return i;
        }

        return left.IndexOf(MaxOf(left)); // what rounding left over
    }

    private static double MaxOf(ReadOnlySpan<double> left)
    {
        var most = left[0];
        foreach (var one in left)
            most = one > most ? one : most;
        return most;
    }
}
