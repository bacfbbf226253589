namespace Gateway.Routing.Strategies;

/// <summary>What a strategy may know of a request.</summary>
/// <param name="Now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
/// <param name="Affinity">What its conversation hashes to; 0 when nothing keeps it anywhere.</param>
/// <param name="InputTokens">Input tokens, roughly.</param>
/// <param name="OutputTokens">Output tokens, at most; 0 when the request does not say.</param>
internal readonly record struct RouteQuestion(long Now, ulong Affinity, long InputTokens, long OutputTokens)
{
    // Limits are written generously, and most answers stay far below them.
    private const long UsualOutput = 256;

    /// <summary>Output tokens to reckon with, ≥ 1: what answers usually have, or less where the request allows less.</summary>
    public long ExpectedOutput => OutputTokens is > 0 and < UsualOutput ? OutputTokens : UsualOutput;
}
