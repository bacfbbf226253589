namespace Gateway.Dialects.OpenAi;

/// <summary>The members that limit the output of an OpenAI operation.</summary>
[Flags]
internal enum OutputLimitWords
{
    /// <summary>It has none.</summary>
    None = 0,

    /// <summary><c>max_tokens</c>.</summary>
    MaxTokens = 1,

    /// <summary><c>max_completion_tokens</c>.</summary>
    MaxCompletionTokens = 2,

    /// <summary><c>max_output_tokens</c>.</summary>
    MaxOutputTokens = 4,
}
