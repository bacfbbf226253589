namespace Gateway.Dialects.OpenAiChat;

/// <summary>How a provider is told how much to think.</summary>
internal enum ChatReasoningForm
{
    /// <summary><c>reasoning_effort</c>.</summary>
    Effort,

    /// <summary><c>reasoning</c>: an object of effort, max_tokens, enabled and exclude.</summary>
    Object,

    /// <summary><c>thinking</c> with a type, and <c>reasoning_effort</c> beside it.</summary>
    Thinking,

    /// <summary><c>thinking</c> with a type alone.</summary>
    ThinkingSwitch,

    /// <summary><c>thinking</c> with a type and budget for Anthropic's models, otherwise <c>reasoning_effort</c>.</summary>
    ThinkingBudget,

    /// <summary><c>enable_thinking</c> and <c>thinking_budget</c>.</summary>
    EnableThinking,

    /// <summary>It can't be told.</summary>
    None,
}
