namespace Gateway.Routing.Strategies;

/// <summary>What is known of a target's speed at a moment.</summary>
/// <param name="FirstToken">Time to first token in microseconds, at least as long as the target has now been silent; 0 when not known.</param>
/// <param name="PerToken">Time for each further token in microseconds; 0 when not known.</param>
/// <param name="AgeMs">Milliseconds since it was last asked or answered; the largest number when neither ever was.</param>
/// <param name="IsWaiting">Whether it has been asked and not answered since.</param>
internal readonly record struct LatencyView(double FirstToken, double PerToken, uint AgeMs, bool IsWaiting)
{
    /// <summary>Whether it has never been asked, and never answered.</summary>
    public bool IsNew => AgeMs == uint.MaxValue;

    /// <summary>Whether anything is known.</summary>
    public bool IsKnown => FirstToken > 0;
}
