using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>
/// Writes <c>delta.reasoning_details</c>. What names a block stands only in its first fragment: clients that put fragments together join
/// strings and add numbers.
/// </summary>
internal static class ChatReasoningDelta
{
    /// <summary>Writes one fragment.</summary>
    /// <param name="json">In the delta.</param>
    /// <param name="chatEvent">Reasoning, a signature or redacted reasoning.</param>
    /// <param name="isFirst">Whether it begins its block.</param>
    /// <param name="id">The block's id, where it stands in none of its fragments yet; or null.</param>
    /// <param name="index">The block's number.</param>
    /// <param name="position">How many parts of the answer stand before the block.</param>
    public static void Write(Utf8JsonWriter json, in ChatEvent chatEvent, bool isFirst, string? id, int index, int position)
    {
        var isSummary = chatEvent.Origin == ReasoningOrigin.OpenAi;
        json.WriteStartArray("reasoning_details"u8);
        json.WriteStartObject();
        switch (chatEvent.Kind)
        {
            case ChatEventKind.Reasoning:
                json.WriteString("type"u8, isSummary ? "reasoning.summary"u8 : "reasoning.text"u8);
                json.WriteText(isSummary ? "summary"u8 : "text"u8, chatEvent.Text!);
                break;
            case ChatEventKind.ReasoningSignature:
                json.WriteString("type"u8, "reasoning.text"u8);
                if (isFirst)
                    json.WriteString("text"u8, ""u8);
                json.WriteText("signature"u8, chatEvent.Text!);
                break;
            default:
                json.WriteString("type"u8, "reasoning.encrypted"u8);
                json.WriteText("data"u8, chatEvent.Text!);
                break;
        }

        if (isFirst && ChatReasoningWriter.FormatOf(chatEvent.Origin) is { } format)
            json.WriteString("format"u8, format);
        if (id is not null)
            json.WriteText("id"u8, id);
        json.WriteNumber("index"u8, index);
        if (isFirst && position > 0)
            json.WriteNumber("position"u8, position);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
