namespace Gateway.Protocol;

/// <summary>Why an answer ended.</summary>
internal enum FinishReason
{
    /// <summary>The model had said all, or a stop text came.</summary>
    Stop,

    /// <summary>The limit of tokens or the context was reached.</summary>
    Length,

    /// <summary>The model calls tools.</summary>
    ToolCalls,

    /// <summary>A filter or refusal of the provider ended it.</summary>
    ContentFilter,

    /// <summary>A server-side tool loop paused; the turn is to be sent back as it is.</summary>
    Pause,

    /// <summary>The model or provider failed; the answer is not usable.</summary>
    Error,
}
