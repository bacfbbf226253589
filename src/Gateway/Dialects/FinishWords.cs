using Gateway.Protocol;

namespace Gateway.Dialects;

/// <summary>Finish reasons in OpenAI's words, which are also the ledger's.</summary>
internal static class FinishWords
{
    /// <summary>The word for a reason.</summary>
    public static string OpenAi(FinishReason reason) => reason switch
    {
        FinishReason.Length => "length",
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.ContentFilter => "content_filter",
        FinishReason.Error => "error",
        _ => "stop",
    };
}
