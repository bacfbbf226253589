using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>A call's arguments: text in the canonical model, an object on this wire.</summary>
internal static class GeminiArguments
{
    /// <summary>Writes the <c>args</c> member. What is no object is wrapped as <c>arguments</c>, for nothing else has a place there.</summary>
    /// <returns>Whether it was an object.</returns>
    public static bool Write(Utf8JsonWriter writer, string arguments)
    {
        writer.WritePropertyName("args"u8);
        if (WireJson.ValueOf(arguments) is not { } value)
        {
            writer.WriteStartObject();
            writer.WriteText("arguments"u8, arguments);
            writer.WriteEndObject();
            return false;
        }

        var isObject = value.Utf8.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
        if (isObject)
        {
            value.WriteTo(writer);
            return true;
        }

        writer.WriteStartObject();
        writer.WriteRaw("arguments"u8, value);
        writer.WriteEndObject();
        return false;
    }
}
