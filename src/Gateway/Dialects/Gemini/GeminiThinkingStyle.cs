namespace Gateway.Dialects.Gemini;

/// <summary>How a Gemini model is told how much to think. The two ways exclude each other.</summary>
internal enum GeminiThinkingStyle
{
    /// <summary>It doesn't think, or can't be told.</summary>
    None,

    /// <summary>By a number of tokens: <c>thinkingBudget</c>.</summary>
    Budget,

    /// <summary>By a word: <c>thinkingLevel</c>.</summary>
    Level,
}
