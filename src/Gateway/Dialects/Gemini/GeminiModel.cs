namespace Gateway.Dialects.Gemini;

/// <summary>One model of a list.</summary>
/// <param name="Id">The name clients call it by, without <c>models/</c>.</param>
/// <param name="DisplayName">A name for people, or null.</param>
/// <param name="InputTokenLimit">Most input tokens, or null when not known.</param>
/// <param name="OutputTokenLimit">Most output tokens, or null when not known.</param>
/// <param name="Methods">What it can be asked for: <c>generateContent</c>, <c>countTokens</c>, <c>embedContent</c>…</param>
internal sealed record GeminiModel(string Id, string? DisplayName, long? InputTokenLimit, long? OutputTokenLimit, IReadOnlyList<string> Methods);
