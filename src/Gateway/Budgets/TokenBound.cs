namespace Gateway.Budgets;

/// <summary>How many tokens a request can use at most.</summary>
/// <param name="Input">Input tokens.</param>
/// <param name="OutputEach">Output tokens of each answer; null: as many as the model can, or the configuration assumes.</param>
/// <param name="Answers">How many answers are generated.</param>
/// <param name="IsWholeContext">Whether the input may be anything up to the model's context window, because part of it is kept by the provider.</param>
/// <param name="Searches">Searches of a reranker that bills them instead of tokens.</param>
internal readonly record struct TokenBound(long Input, long? OutputEach, int Answers, bool IsWholeContext = false, long Searches = 0);
