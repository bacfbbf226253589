using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAi;

/// <summary>What must be said beside a wish for JSON.</summary>
internal static class JsonMode
{
    /// <summary>An instruction for requests that want any JSON object but don't say so in words: most providers refuse those.</summary>
    public const string Instruction = "Answer with one JSON object and nothing else.";

    /// <summary>Whether any turn has the word.</summary>
    public static bool IsSpokenOf(ChatRequest request) =>
        request.Messages.Exists(m => m.Parts.Exists(p => p is TextPart text && text.Text.Contains("json", StringComparison.OrdinalIgnoreCase)));
}
