using System.Text.Json;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Writes <c>delta.tool_calls</c>, or <c>delta.function_call</c> for clients that know functions only.</summary>
internal static class ChatToolCallDelta
{
    /// <summary>Writes the fragment that begins a call.</summary>
    public static void WriteStart(Utf8JsonWriter json, int index, string id, string name, string? signature, bool legacy)
    {
        if (legacy)
        {
            json.WriteStartObject("function_call"u8);
            json.WriteText("name"u8, name);
            json.WriteString("arguments"u8, ""u8);
            json.WriteEndObject();
            return;
        }

        Open(json, index);
        json.WriteText("id"u8, id);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteText("name"u8, name);
        json.WriteString("arguments"u8, ""u8);
        json.WriteEndObject();
        if (signature is not null)
            ChatReasoningWriter.WriteExtraContent(json, signature);
        Close(json);
    }

    /// <summary>Writes a fragment of a call's arguments.</summary>
    public static void WriteArguments(Utf8JsonWriter json, int index, string arguments, bool legacy)
    {
        if (!legacy)
            Open(json, index);
        json.WriteStartObject(legacy ? "function_call"u8 : "function"u8);
        json.WriteText("arguments"u8, arguments);
        json.WriteEndObject();
        if (!legacy)
            Close(json);
    }

    private static void Open(Utf8JsonWriter json, int index)
    {
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
    }

    private static void Close(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
