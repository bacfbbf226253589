using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Ollama;

/// <summary>Writes pieces of a message.</summary>
internal static class OllamaMessageJson
{
    /// <summary>Writes one tool call. Arguments are an object on this wire, whatever the model made of them.</summary>
    public static void WriteCall(Utf8JsonWriter json, string id, int index, string name, string arguments, string? signature)
    {
        json.WriteStartObject();
        if (id.Length > 0)
            json.WriteText("id"u8, id);
        json.WriteStartObject("function"u8);
        json.WriteNumber("index"u8, index);
        json.WriteText("name"u8, name);
        var value = WireJson.ValueOf(arguments);
        if (value is { } whole && whole.Utf8.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
        {
            json.WriteRaw("arguments"u8, whole);
        }
        else
        {
            json.WriteStartObject("arguments"u8);
            if (value is { } other)
                json.WriteRaw("value"u8, other);
            else
                json.WriteText("value"u8, arguments);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (signature is not null)
            json.WriteText("signature"u8, signature);
        json.WriteEndObject();
    }

    /// <summary>Whether a part signs the tool call after it.</summary>
    public static bool SignsCall(List<ContentPart> parts, int i) =>
        i >= 0 && i + 1 < parts.Count && parts[i] is ReasoningPart { Text: "", Encrypted: null, Signature: not null } && parts[i + 1] is ToolCallPart;

    /// <summary>A vendor's signature in the form in which it travels through this wire.</summary>
    public static string Wrap(string signature, ReasoningOrigin origin) => ForeignSignature.Wrap(signature, origin, ReasoningOrigin.Plain);
}
