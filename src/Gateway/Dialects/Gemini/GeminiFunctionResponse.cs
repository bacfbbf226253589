using System.Text;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Gemini;

/// <summary>Results of functions, both ways. On this wire a result is an object; by custom a plain one is wrapped as <c>result</c> or <c>output</c>, a failure as <c>error</c>.</summary>
internal static class GeminiFunctionResponse
{
    /// <summary>Reads the object of a <c>functionResponse</c>.</summary>
    /// <param name="element">The object.</param>
    /// <param name="path">Where its part stands.</param>
    /// <param name="callId">The call it answers.</param>
    /// <param name="name">The function, or null.</param>
    public static ToolResultPart Read(JsonElement element, string path, string callId, string? name)
    {
        var response = element.Get("response"u8);
        var wrapped = Wrapped(response, out var isError);
        var content = new List<ContentPart>();
        if (response.Says())
            content.Add(new TextPart(wrapped.Text() ?? GeminiJson.Compact(wrapped).ToString()));
        var at = 0;
        foreach (var part in element.Get("parts"u8).Items())
        {
            var mediaPath = $"{path}.functionResponse.parts[{at++}]";
            if (part.Member("inlineData"u8) is { ValueKind: JsonValueKind.Object } blob)
                content.Add(GeminiMedia.Read(blob, $"{mediaPath}.inlineData", null));
            else if (part.Member("fileData"u8) is { ValueKind: JsonValueKind.Object } file)
                content.Add(GeminiMedia.Read(file, $"{mediaPath}.fileData", null));
        }

        return new ToolResultPart
        {
            CallId = callId,
            Name = name,
            Content = content,
            Json = response.Says() ? GeminiJson.Compact(response) : default,
            IsError = isError,
            Extras = Extras(element, $"{path}.functionResponse"),
        };
    }

    /// <summary>Writes the <c>response</c> member.</summary>
    public static void Write(Utf8JsonWriter writer, ToolResultPart result)
    {
        writer.WritePropertyName("response"u8);
        var value = result.Json;
        if (value.IsMissing)
        {
            var text = TextOf(result);
            var json = text.AsSpan().TrimStart() is ['{' or '[', ..] ? WireJson.ValueOf(text) : null;
            if (json is null)
            {
                writer.WriteStartObject();
                writer.WriteText(result.IsError ? "error"u8 : "result"u8, text);
                writer.WriteEndObject();
                return;
            }

            value = json.Value;
        }

        if (IsWhole(value, result.IsError))
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteRaw(result.IsError ? "error"u8 : "result"u8, value);
        writer.WriteEndObject();
    }

    /// <summary>Whether a value can stand as it is: an object, and one that says so if it is a failure.</summary>
    private static bool IsWhole(RawJson value, bool isError)
    {
        using var document = WireJson.Parse(value.Utf8);
        return document.RootElement.ValueKind == JsonValueKind.Object && (!isError || document.RootElement.TryGetProperty("error"u8, out _));
    }

    private static string TextOf(ToolResultPart result)
    {
        var text = new StringBuilder();
        foreach (var part in result.Content)
        {
            var piece = part switch
            {
                TextPart said => said.Text,
                DocumentPart { Text: { } document } => document,
                _ => null,
            };
            if (piece is null)
                continue;
            if (text.Length > 0)
                text.Append('\n');
            text.Append(piece);
        }

        return text.ToString();
    }

    /// <summary>What the customary wrapping holds; otherwise the whole.</summary>
    private static JsonElement Wrapped(JsonElement response, out bool isError)
    {
        isError = false;
        if (response.ValueKind != JsonValueKind.Object)
            return response;
        using var members = response.EnumerateObject();
        if (!members.MoveNext())
            return response;
        var only = members.Current;
        if (members.MoveNext())
            return response;
        isError = only.Name == "error";
        return only.Name is "error" or "result" or "output" ? only.Value : response;
    }

    private static List<ExtraMember>? Extras(JsonElement element, string path)
    {
        List<ExtraMember>? extras = null;
        foreach (var member in element.EnumerateObject())
        {
            if (member.Value.Says() && member.Name is not ("id" or "name" or "response" or "parts"))
                (extras ??= []).Add(GeminiJson.Extra(path, member));
        }

        return extras;
    }
}
