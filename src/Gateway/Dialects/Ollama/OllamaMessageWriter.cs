using System.Text;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Ollama;

/// <summary>Writes one turn: a message has one text, so several are joined; its images stand beside it. Every result of a tool is a message of its own.</summary>
internal static class OllamaMessageWriter
{
    public static void Write(Utf8JsonWriter json, ChatMessage message, int turn, DroppedMembers dropped)
    {
        var path = $"messages[{turn}]";
        if (message.Role != ChatRole.Tool)
            WriteTurn(json, message, path, dropped);
        for (var i = 0; i < message.Parts.Count; i++)
        {
            if (message.Role == ChatRole.Tool && message.Parts[i] is ToolResultPart result)
                WriteResult(json, message, result, $"{path}.content[{i}]", dropped);
            Report(message.Parts[i], $"{path}.content[{i}]", dropped);
        }

        dropped.AddForeign(message.Extras, Operation.OllamaChat);
        if (message.Name is not null)
            dropped.Add($"{path}.name");
    }

    private static void Report(ContentPart part, string path, DroppedMembers dropped)
    {
        if (part.Cache is not null)
            dropped.Add($"{path}.cache_control");
        if (part.Extras is { } extras)
            dropped.AddForeign(extras, Operation.OllamaChat);
        for (var i = 0; part is ToolResultPart result && i < result.Content.Count; i++)
            Report(result.Content[i], $"{path}.content[{i}]", dropped);
    }

    private static void WriteTurn(Utf8JsonWriter json, ChatMessage message, string path, DroppedMembers dropped)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, message.Role switch { ChatRole.User => "user"u8, ChatRole.Assistant => "assistant"u8, _ => "system"u8 });
        // What a model said was cut into parts by some other wire and is one text; what a person wrote in parts is so for a reason.
        WriteContent(json, message.Parts, message.Role == ChatRole.Assistant ? "" : "\n", path, dropped);
        WriteThinking(json, message.Parts, path, dropped);
        WriteCalls(json, message.Parts);
        UnknownMembers.WriteOwn(json, message.Extras, Operation.OllamaChat);
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, ChatMessage message, ToolResultPart result, string path, DroppedMembers dropped)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        WriteContent(json, result.Content, "\n", path, dropped);
        if (result.Name is { } name)
            json.WriteText("tool_name"u8, name);
        if (result.CallId.Length > 0)
            json.WriteText("tool_call_id"u8, result.CallId);
        if (message.Parts.Count == 1)
            UnknownMembers.WriteOwn(json, message.Extras, Operation.OllamaChat);
        json.WriteEndObject();
        if (result.IsError)
            dropped.Add($"{path}.is_error");
    }

    private static void WriteContent(Utf8JsonWriter json, List<ContentPart> parts, string separator, string path, DroppedMembers dropped)
    {
        var text = new StringBuilder();
        var texts = 0;
        List<ImagePart>? images = null;
        for (var i = 0; i < parts.Count; i++)
        {
            var said = parts[i] switch
            {
                TextPart part => part.Text,
                RefusalPart part => part.Text,
                DocumentPart part => TextOf(part),
                AudioPart part => part.Transcript,
                _ => null,
            };
            if (said is not null)
            {
                text.Append(texts++ > 0 ? separator : "").Append(said);
                continue;
            }

            switch (parts[i])
            {
                case ImagePart image:
                    if (image.Source.Data is null)
                        throw new RequestFormatException("The target's wire (Ollama) takes images as data only.", $"{path}.content[{i}]");
                    (images ??= []).Add(image);
                    if (image.Detail is not null)
                        dropped.Add($"{path}.content[{i}].image_url.detail");
                    break;
                case var part and (DocumentPart or AudioPart or VideoPart):
                    throw new RequestFormatException($"The target's wire (Ollama) takes no {part.GetType().Name[..^4].ToLowerInvariant()}.", $"{path}.content[{i}]");
                case OpaquePart opaque:
                    dropped.Add(opaque.Whole.Path);
                    break;
            }
        }

        json.WriteText("content"u8, text.ToString());
        if (images is null)
            return;
        json.WriteStartArray("images"u8);
        foreach (var image in images)
            json.WriteStringValue(image.Source.Data);
        json.WriteEndArray();
    }

    /// <summary>Thoughts without a vendor's signature go back to the model; others are nothing to it.</summary>
    private static void WriteThinking(Utf8JsonWriter json, List<ContentPart> parts, string path, DroppedMembers dropped)
    {
        var thoughts = new StringBuilder();
        foreach (var part in parts)
        {
            if (part is not ReasoningPart reasoning)
                continue;
            if (reasoning is { Origin: ReasoningOrigin.Plain, Text.Length: > 0 })
                thoughts.Append(reasoning.Text);
            else
                dropped.Add($"{path}.reasoning");
        }

        if (thoughts.Length > 0)
            json.WriteText("thinking"u8, thoughts.ToString());
    }

    private static void WriteCalls(Utf8JsonWriter json, List<ContentPart> parts)
    {
        var index = 0;
        foreach (var part in parts)
        {
            if (part is not ToolCallPart call)
                continue;
            if (index == 0)
                json.WriteStartArray("tool_calls"u8);
            OllamaMessageJson.WriteCall(json, call.Id, index++, call.Name, call.Arguments, null);
        }

        if (index > 0)
            json.WriteEndArray();
    }

    private static string? TextOf(DocumentPart document)
    {
        if (document.Text is not null)
            return document.Text;
        if (document.Source is not { Data: { } data, MediaType: { } type } || !type.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
            return null;
        var bytes = new byte[data.Length];
        return Convert.TryFromBase64String(data, bytes, out var length) ? Encoding.UTF8.GetString(bytes.AsSpan(0, length)) : null;
    }
}
