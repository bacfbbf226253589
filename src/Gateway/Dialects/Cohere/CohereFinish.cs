using Gateway.Protocol;

namespace Gateway.Dialects.Cohere;

/// <summary>Finish reasons in Cohere's words.</summary>
internal static class CohereFinish
{
    /// <summary>What a word means.</summary>
    public static FinishReason Read(string? word, bool callsTools) => word switch
    {
        "MAX_TOKENS" => FinishReason.Length,
        "TOOL_CALL" => FinishReason.ToolCalls,
        "ERROR" or "TIMEOUT" => FinishReason.Error,
        _ => callsTools ? FinishReason.ToolCalls : FinishReason.Stop,
    };

    /// <summary>The word for a reason. What a filter ended is no complete answer, and there is no word but ERROR to say so.</summary>
    public static string Write(FinishReason reason, bool byStopText, bool callsTools) => reason switch
    {
        FinishReason.Length => "MAX_TOKENS",
        FinishReason.ToolCalls => "TOOL_CALL",
        FinishReason.ContentFilter or FinishReason.Error => "ERROR",
        _ => callsTools ? "TOOL_CALL" : byStopText ? "STOP_SEQUENCE" : "COMPLETE",
    };
}
