namespace Gateway.Routing.Strategies;

/// <summary>
/// The first that is not busy: what has been paid for beforehand is used up before what is paid for as it is used. One that has said 429
/// is no candidate until its wait is over, and then the first again. When all are busy, the last takes the request.
/// </summary>
internal sealed class SpilloverStrategy : TargetStrategy
{
    /// <summary>The only one: it keeps nothing.</summary>
    public static SpilloverStrategy Instance { get; } = new();

    public override string Name => "spillover";

    public override int Choose(ReadOnlySpan<TargetSnapshot> candidates, in RouteQuestion question)
    {
        for (var i = 0; i < candidates.Length - 1; i++)
        {
            if (candidates[i].State.InFlight < candidates[i].SpillAbove)
                return i;
        }

        return candidates.Length - 1;
    }
}
