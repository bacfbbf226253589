using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>How large a prompt roughly is, for the first event of a stream. Nothing is billed by it.</summary>
internal static class PromptEstimate
{
    private const int CharsPerToken = 4;

    /// <summary>Tokens of the texts and tools; 0 when there are none.</summary>
    public static long Tokens(ChatRequest request)
    {
        long chars = 0;
        foreach (var message in request.Messages)
            chars += Chars(message.Parts);
        foreach (var tool in request.Tools)
            chars += tool.Name.Length + (tool.Description?.Length ?? 0) + tool.Parameters.Utf8.Length;
        return (chars + CharsPerToken - 1) / CharsPerToken;
    }

    private static long Chars(List<ContentPart> parts)
    {
        long chars = 0;
        foreach (var part in parts)
        {
            chars += part switch
            {
                TextPart text => text.Text.Length,
                ToolCallPart call => call.Name.Length + call.Arguments.Length,
                ToolResultPart result => Chars(result.Content),
                DocumentPart document => document.Text?.Length ?? 0,
                _ => 0,
            };
        }

        return chars;
    }
}
