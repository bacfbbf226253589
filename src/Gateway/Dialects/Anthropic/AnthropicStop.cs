using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>Stop reasons.</summary>
internal static class AnthropicStop
{
    /// <summary>What a <c>stop_reason</c> means.</summary>
    /// <param name="reason">The word, or null.</param>
    /// <param name="callsTools">Whether the answer calls a tool of the client's.</param>
    public static FinishReason Read(string? reason, bool callsTools) => reason switch
    {
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        // The tool that carries a JSON answer is none of the client's.
        "tool_use" => callsTools ? FinishReason.ToolCalls : FinishReason.Stop,
        "pause_turn" => FinishReason.Pause,
        "refusal" => FinishReason.ContentFilter,
        "error" => FinishReason.Error,
        _ => callsTools ? FinishReason.ToolCalls : FinishReason.Stop,
    };

    /// <summary>The word for a reason. This wire has none for a failed answer; an unknown word is read by its clients as one, "end_turn" would call it good.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="stopText">The stop text that ended the answer, or null.</param>
    /// <param name="callsTools">Whether tools are called.</param>
    /// <param name="refused">Whether the model refused.</param>
    public static string Write(FinishReason reason, string? stopText, bool callsTools, bool refused) => reason switch
    {
        FinishReason.Length => "max_tokens",
        FinishReason.ToolCalls => "tool_use",
        FinishReason.ContentFilter => "refusal",
        FinishReason.Pause => "pause_turn",
        FinishReason.Error => "error",
        _ => callsTools ? "tool_use" : refused ? "refusal" : stopText is not null ? "stop_sequence" : "end_turn",
    };
}
