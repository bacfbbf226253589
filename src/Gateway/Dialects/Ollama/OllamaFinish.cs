using Gateway.Protocol;

namespace Gateway.Dialects.Ollama;

/// <summary>Finish reasons in Ollama's words. It says "stop" also when tools are called; for a filter and a failure it has no word, and ours must not read as success.</summary>
internal static class OllamaFinish
{
    /// <summary>What a word means.</summary>
    public static FinishReason Read(string? word, bool callsTools) => word switch
    {
        "length" => FinishReason.Length,
        "content_filter" => FinishReason.ContentFilter,
        "error" => FinishReason.Error,
        _ => callsTools ? FinishReason.ToolCalls : FinishReason.Stop,
    };

    /// <summary>The word for a reason.</summary>
    public static string Write(FinishReason reason) => reason switch
    {
        FinishReason.Length => "length",
        FinishReason.ContentFilter => "content_filter",
        FinishReason.Error => "error",
        _ => "stop",
    };
}
