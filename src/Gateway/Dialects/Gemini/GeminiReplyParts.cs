using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>Writes the parts of replies, whole or streamed.</summary>
internal static class GeminiReplyParts
{
    /// <summary>Writes a text or a thought.</summary>
    public static void WriteText(Utf8JsonWriter writer, string text, bool isThought, string? signature)
    {
        writer.WriteStartObject();
        writer.WriteText("text"u8, text);
        if (isThought)
            writer.WriteBoolean("thought"u8, true);
        End(writer, signature);
    }

    /// <summary>Writes a call.</summary>
    public static void WriteCall(Utf8JsonWriter writer, string id, string name, string arguments, string? signature)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("functionCall"u8);
        writer.WriteText("id"u8, id);
        writer.WriteText("name"u8, name);
        GeminiArguments.Write(writer, arguments);
        writer.WriteEndObject();
        End(writer, signature);
    }

    /// <summary>Writes generated media.</summary>
    public static void WriteMedia(Utf8JsonWriter writer, MediaSource source, string fallbackType, string? signature)
    {
        writer.WriteStartObject();
        GeminiMedia.Write(writer, source, fallbackType, null);
        End(writer, signature);
    }

    private static void End(Utf8JsonWriter writer, string? signature)
    {
        if (signature is not null)
            writer.WriteText("thoughtSignature"u8, signature);
        writer.WriteEndObject();
    }
}
