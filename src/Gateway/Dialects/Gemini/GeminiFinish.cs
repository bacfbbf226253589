using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>Finish reasons, both ways.</summary>
internal static class GeminiFinish
{
    /// <summary>What a reason means.</summary>
    /// <param name="reason">Google's word.</param>
    /// <param name="calledTools">Whether functions were called: Google then says only that it stopped.</param>
    public static FinishReason Read(string reason, bool calledTools) => reason switch
    {
        "STOP" => calledTools ? FinishReason.ToolCalls : FinishReason.Stop,
        "MAX_TOKENS" => FinishReason.Length,
        "SAFETY" or "RECITATION" or "LANGUAGE" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "MODEL_ARMOR"
            or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" => FinishReason.ContentFilter,
        // MALFORMED_FUNCTION_CALL, UNEXPECTED_TOOL_CALL, TOO_MANY_TOOL_CALLS, NO_IMAGE, OTHER and what may yet come: not an answer to rely on.
        _ => FinishReason.Error,
    };

    /// <summary>Google's word for a reason.</summary>
    public static string Write(FinishReason reason) => reason switch
    {
        FinishReason.Length => "MAX_TOKENS",
        FinishReason.ContentFilter => "SAFETY",
        FinishReason.Error => "OTHER",
        _ => "STOP",
    };
}
