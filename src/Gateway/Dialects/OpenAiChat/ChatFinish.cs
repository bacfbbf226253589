using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Finish reasons of the chat wire, those of other vendors that speak it included.</summary>
internal static class ChatFinish
{
    /// <summary>The reason a word stands for; null when it is no finish. Unknown words are a stop.</summary>
    /// <param name="word">The word, or null.</param>
    /// <param name="calledTools">Whether the answer calls tools, for servers that say only stop.</param>
    public static FinishReason? Read(string? word, bool calledTools) => word switch
    {
        null or "" or "null" => null,
        "length" or "max_tokens" or "model_length" or "model_context_window_exceeded" => FinishReason.Length,
        "tool_calls" or "function_call" or "tool_use" => FinishReason.ToolCalls,
        "content_filter" or "sensitive" or "safety" or "refusal" => FinishReason.ContentFilter,
        "error" or "insufficient_system_resource" or "network_error" or "abort" => FinishReason.Error,
        _ => calledTools ? FinishReason.ToolCalls : FinishReason.Stop,
    };

    /// <summary>The word for a reason.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="calledTools">Whether the answer calls tools.</param>
    /// <param name="legacy">Whether they are called functions.</param>
    public static string Write(FinishReason reason, bool calledTools, bool legacy)
    {
        if (reason is FinishReason.Stop && calledTools)
            reason = FinishReason.ToolCalls;
        return reason == FinishReason.ToolCalls && legacy ? "function_call" : FinishWords.OpenAi(reason);
    }
}
