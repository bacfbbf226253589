using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Converse's <c>stopReason</c>.</summary>
internal static class ConverseFinish
{
    /// <summary>What a stop reason means.</summary>
    /// <param name="stopReason">The word.</param>
    /// <param name="calledTools">Whether the answer calls tools of the client's.</param>
    public static FinishReason Read(string? stopReason, bool calledTools) => stopReason switch
    {
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "guardrail_intervened" or "content_filtered" => FinishReason.ContentFilter,
        "malformed_model_output" or "malformed_tool_use" => FinishReason.Error,
        _ => calledTools ? FinishReason.ToolCalls : FinishReason.Stop,
    };

    /// <summary>The word for a reason.</summary>
    /// <param name="finish">The reason.</param>
    /// <param name="stopSequence">The stop text that ended the answer, or null.</param>
    public static ReadOnlySpan<byte> Write(FinishReason finish, string? stopSequence) => finish switch
    {
        FinishReason.Length => "max_tokens"u8,
        FinishReason.ToolCalls => "tool_use"u8,
        FinishReason.ContentFilter => "content_filtered"u8,
        FinishReason.Error => "malformed_model_output"u8,
        _ => stopSequence is null ? "end_turn"u8 : "stop_sequence"u8,
    };
}
