namespace Gateway.Routing.Strategies;

/// <summary>What a strategy may know of a request.</summary>
/// <param name="Now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
/// <param name="Affinity">What its conversation hashes to; 0 when nothing keeps it anywhere.</param>
/// <param name="InputTokens">Input tokens, at most.</param>
/// <param name="OutputTokens">Output tokens, at most; 0 when the request does not say.</param>
internal readonly record struct RouteQuestion(long Now, ulong Affinity, long InputTokens, long OutputTokens);
