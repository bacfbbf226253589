namespace Gateway.Metering;

/// <summary>
/// Tokens of one reply (and searches, where those are what is billed), counted as OpenTelemetry's <c>gen_ai.usage.*</c> counts them: <see cref="Input"/> includes cache reads,
/// cache writes and audio; <see cref="Output"/> includes reasoning and audio. All counts are ≥ 0.
/// </summary>
/// <param name="Input">All input tokens.</param>
/// <param name="Output">All output tokens.</param>
/// <param name="CacheRead">Input tokens the provider read from its prompt cache.</param>
/// <param name="CacheWrite">Input tokens the provider wrote to its prompt cache.</param>
/// <param name="Reasoning">Output tokens spent on reasoning.</param>
/// <param name="AudioInput">Input tokens that were audio; where a provider says which, without those read from its cache.</param>
/// <param name="AudioOutput">Output tokens that were audio.</param>
/// <param name="SearchUnits">Searches of a reranker whose provider bills them.</param>
internal readonly record struct TokenUsage(
    long Input,
    long Output,
    long CacheRead = 0,
    long CacheWrite = 0,
    long Reasoning = 0,
    long AudioInput = 0,
    long AudioOutput = 0,
    long SearchUnits = 0)
{
    /// <summary>No model reads or writes so much at once: who says more is not believed, for such sums would stop the ledger of everyone.</summary>
    public const long Most = int.MaxValue;

    /// <summary>Whether a reply can have so many.</summary>
    public static bool IsPossible(long count) => count is >= 0 and <= Most;

    /// <summary>A provider's word, or null where it can't be true: then it counts as if nothing had been said.</summary>
    public static TokenUsage? Believed(TokenUsage? said) =>
        said is { } usage && IsPossible(usage.Input) && IsPossible(usage.Output) && IsPossible(usage.CacheRead) && IsPossible(usage.CacheWrite)
        && IsPossible(usage.Reasoning) && IsPossible(usage.AudioInput) && IsPossible(usage.AudioOutput) && IsPossible(usage.SearchUnits)
            ? said
            : null;

    /// <summary>Both together.</summary>
    public static TokenUsage operator +(TokenUsage one, TokenUsage other) => new(
        one.Input + other.Input,
        one.Output + other.Output,
        one.CacheRead + other.CacheRead,
        one.CacheWrite + other.CacheWrite,
        one.Reasoning + other.Reasoning,
        one.AudioInput + other.AudioInput,
        one.AudioOutput + other.AudioOutput,
        one.SearchUnits + other.SearchUnits);
}
