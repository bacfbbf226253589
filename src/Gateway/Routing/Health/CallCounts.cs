namespace Gateway.Routing.Health;

/// <summary>What became of calls.</summary>
/// <param name="Calls">Calls that ended in an answer or in a failure of the target's.</param>
/// <param name="Failures">Of these, what the target is to blame for.</param>
/// <param name="Refusals">How often it wanted fewer requests, or was too slow for them.</param>
internal readonly record struct CallCounts(int Calls, int Failures, int Refusals)
{
    /// <summary>Failures per call, 0 to 1; 0 without calls.</summary>
    public double FailureRatio => Calls == 0 ? 0 : Math.Min(1, (double)Failures / Calls);

    /// <summary>Refusals per call, 0 to 1; 0 without calls.</summary>
    public double RefusalRatio => Calls == 0 ? 0 : Math.Min(1, (double)Refusals / Calls);
}
