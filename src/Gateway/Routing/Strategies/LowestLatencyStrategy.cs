namespace Gateway.Routing.Strategies;

/// <summary>
/// The one that is expected to be through first: time to first token, and time for the tokens expected. Of those that come near the best, two
/// are drawn and the less busy one is chosen, so that not all requests run to one target. Knowledge ages: one request in
/// <see cref="ExploreEvery"/> goes to the target that has been left alone longest, so that who has recovered is found out.
/// </summary>
/// <param name="random">Draws.</param>
internal sealed class LowestLatencyStrategy(Random random) : TargetStrategy
{
    /// <summary>How many requests there are to one that explores: below 1 in 20, so that exploring is not what the slowest 5 % see.</summary>
    public const int ExploreEvery = 32;

    // Knowledge younger than this is good enough.
    private const uint StaleMs = 5_000;

    // An answer that is waited for is knowledge soon, unless what was asked never was sent, or hangs.
    private const uint LongestWaitMs = 30_000;

    // Differences smaller than this are noise.
    private const double Near = 1.25;

    private uint _count;

    public override string Name => "lowest_latency";

    public override int Choose(ReadOnlySpan<TargetSnapshot> candidates, in RouteQuestion question)
    {
        Span<LatencyView> views = stackalloc LatencyView[candidates.Length];
        for (var i = 0; i < views.Length; i++)
            views[i] = candidates[i].State.Latency.At(question.Now);
        var chosen = Explore(views, Interlocked.Increment(ref _count) % ExploreEvery == 0);
        if (chosen < 0)
            chosen = Fastest(candidates, views, question.ExpectedOutput);
        candidates[chosen].State.Latency.Asked(question.Now);
        return chosen;
    }

    /// <summary>Who is to be found out about now: one at a time who never was asked; when it is time to, the one asked longest ago. -1: nobody.</summary>
    private static int Explore(ReadOnlySpan<LatencyView> views, bool isTime)
    {
        var (oldest, age) = (-1, 0u);
        for (var i = 0; i < views.Length; i++)
        {
            if (views[i].IsNew)
                return i;
            if (isTime && views[i].AgeMs >= Math.Max(age, views[i].IsWaiting ? LongestWaitMs : StaleMs))
                (oldest, age) = (i, views[i].AgeMs);
        }

        return oldest;
    }

    private int Fastest(ReadOnlySpan<TargetSnapshot> candidates, ReadOnlySpan<LatencyView> views, long output)
    {
        var usual = UsualPerToken(views);
        Span<double> expected = stackalloc double[views.Length];
        var best = double.PositiveInfinity;
        for (var i = 0; i < views.Length; i++)
        {
            var view = views[i];
            expected[i] = view.IsKnown ? view.FirstToken + (output * (view.PerToken > 0 ? view.PerToken : usual)) : double.PositiveInfinity;
            best = Math.Min(best, expected[i]);
        }

        if (double.IsInfinity(best))
            return LeastInFlightStrategy.Fewest(candidates, random); // all have been asked, none has answered yet
        var (one, other, near) = (-1, -1, 0);
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] <= best * Near)
                Draw(i, ++near, ref one, ref other);
        }

        return other < 0 || candidates[one].State.InFlight <= candidates[other].State.InFlight ? one : other;
    }

    /// <summary>Draws two of however many there turn out to be, each pair as likely as any other.</summary>
    private void Draw(int i, int seen, ref int one, ref int other)
    {
        if (seen == 1)
            one = i;
        else if (seen == 2)
            (one, other) = random.Next(2) == 0 ? (one, i) : (i, one);
        else if (random.Next(seen) is var place and < 2)
            (one, other) = place == 0 ? (i, other) : (one, i);
    }

    private static double UsualPerToken(ReadOnlySpan<LatencyView> views)
    {
        var (sum, known) = (0.0, 0);
        foreach (var view in views)
        {
            if (view.PerToken > 0)
                (sum, known) = (sum + view.PerToken, known + 1);
        }

        return known == 0 ? 0 : sum / known;
    }
}
