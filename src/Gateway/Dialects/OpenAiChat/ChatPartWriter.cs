using System.Text;
using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Writes <c>content</c> of system, user and tool messages.</summary>
internal static class ChatPartWriter
{
    /// <summary>Writes the value of <c>content</c>: a string where it is one text without a mark, otherwise an array.</summary>
    /// <param name="json">Where the value is due.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="path">Path of the parts, for reports.</param>
    /// <param name="mediaToo">Whether media may stand here; where it may not it is named.</param>
    /// <param name="context">The request being written.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<ContentPart> parts, string path, bool mediaToo, ChatWriting context)
    {
        if (IsString(parts, context))
        {
            json.WriteTextValue(parts.Count == 0 ? "" : parts.Count == 1 ? ((TextPart)parts[0]).Text : string.Join('\n', parts.Cast<TextPart>().Select(p => p.Text)));
            for (var i = 0; i < parts.Count; i++)
                ReportText((TextPart)parts[i], $"{path}[{i}]", context);
            return;
        }

        json.WriteStartArray();
        for (var i = 0; i < parts.Count; i++)
            WritePart(json, parts[i], $"{path}[{i}]", mediaToo, context);
        json.WriteEndArray();
    }

    private static bool IsString(IReadOnlyList<ContentPart> parts, ChatWriting context)
    {
        if (parts.Count == 0)
            return true;
        foreach (var part in parts)
        {
            if (part is not TextPart text)
                return false;
            if (text.Cache is not null && (context.Quirks.CacheControl || context.TakesBreakpoints))
                return false;
            if (text.Extras?.Exists(e => e.Origin == Operation.ChatCompletions) == true)
                return false;
        }

        return parts.Count == 1 || context.Quirks.FlatText;
    }

    private static void ReportText(TextPart text, string path, ChatWriting context)
    {
        if (text.Cache is not null)
            context.Dropped.Add($"{path}.cache_control");
        context.Dropped.AddForeign(text.Extras ?? [], Operation.ChatCompletions);
    }

    /// <summary>Writes one part as an array's element.</summary>
    public static void WritePart(Utf8JsonWriter json, ContentPart part, string path, bool mediaToo, ChatWriting context)
    {
        if (part is OpaquePart { Whole: var whole })
        {
            if (whole.Origin == Operation.ChatCompletions)
                whole.Value.WriteTo(json);
            else
                context.Dropped.Add(whole.Path);
            return;
        }

        if (part is DocumentPart { Text: { } plain } document)
        {
            WriteText(json, Labelled(plain, document), part, path, context);
            ReportDocument(document, path, context);
            return;
        }

        if (!mediaToo && part is not (TextPart or RefusalPart))
        {
            context.Dropped.Add($"{path} ({Kind(part)})");
            return;
        }

        switch (part)
        {
            case TextPart text:
                WriteText(json, text.Text, part, path, context);
                break;
            case RefusalPart refusal:
                WriteText(json, refusal.Text, part, path, context);
                break;
            case ImagePart image:
                WriteImage(json, image, path, context);
                break;
            case AudioPart audio:
                WriteAudio(json, audio, path, context);
                break;
            case DocumentPart file:
                WriteFile(json, file, path, context);
                break;
            case VideoPart video:
                json.WriteStartObject();
                json.WriteString("type"u8, "video_url"u8);
                json.WriteStartObject("video_url"u8);
                json.WriteText("url"u8, Address(video.Source, "video/mp4", path));
                json.WriteEndObject();
                End(json, part, path, context);
                break;
            default:
                context.Dropped.Add($"{path} ({Kind(part)})");
                break;
        }
    }

    /// <summary>What to call a part in a report.</summary>
    public static string Kind(ContentPart part) => part switch
    {
        ImagePart => "image",
        AudioPart => "audio",
        DocumentPart => "file",
        VideoPart => "video",
        ReasoningPart => "reasoning",
        ToolCallPart => "tool call",
        ToolResultPart => "tool result",
        OpaquePart opaque => opaque.Whole.Name,
        _ => "text",
    };

    private static void WriteText(Utf8JsonWriter json, string text, ContentPart part, string path, ChatWriting context)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteText("text"u8, text);
        End(json, part, path, context);
    }

    private static void WriteImage(Utf8JsonWriter json, ImagePart image, string path, ChatWriting context)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        json.WriteText("url"u8, Address(image.Source, "image/png", path));
        if (image.Detail is { } detail)
            json.WriteText("detail"u8, detail);
        json.WriteEndObject();
        End(json, image, path, context);
    }

    private static void WriteAudio(Utf8JsonWriter json, AudioPart audio, string path, ChatWriting context)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "input_audio"u8);
        json.WriteStartObject("input_audio"u8);
        json.WriteText("data"u8, audio.Source.Data ?? throw new RequestFormatException("The target takes audio as base64 data only.", path));
        json.WriteText("format"u8, AudioFormats.Of(audio));
        json.WriteEndObject();
        End(json, audio, path, context);
    }

    private static void WriteFile(Utf8JsonWriter json, DocumentPart file, string path, ChatWriting context)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "file"u8);
        json.WriteStartObject("file"u8);
        if (file.Source.FileId is { } id)
        {
            json.WriteText("file_id"u8, id);
            if (file.Name is { } title)
                json.WriteText("filename"u8, title);
        }
        else
        {
            // Files given by data must have a name.
            json.WriteText("filename"u8, file.Name ?? "document.pdf");
            json.WriteText("file_data"u8, file.Source.ToUrl("application/pdf"));
        }

        json.WriteEndObject();
        End(json, file, path, context);
        ReportDocument(file, path, context);
    }

    private static void ReportDocument(DocumentPart document, string path, ChatWriting context)
    {
        if (document.Context is not null)
            context.Dropped.Add($"{path}.context");
        if (document.Citations == true)
            context.Dropped.Add($"{path}.citations");
    }

    private static string Labelled(string text, DocumentPart document) =>
        document.Name is { } name ? new StringBuilder(name.Length + text.Length + 2).Append(name).Append(":\n").Append(text).ToString() : text;

    private static string Address(MediaSource source, string fallbackType, string path) =>
        source.FileId is null ? source.ToUrl(fallbackType) : throw new RequestFormatException("The target takes no files by id here.", path);

    private static void End(Utf8JsonWriter json, ContentPart part, string path, ChatWriting context)
    {
        ChatCache.Write(json, part.Cache, isPart: true, path, context);
        OpenAiExtras.Write(json, part.Extras, Operation.ChatCompletions, shares: false, context.Dropped);
        json.WriteEndObject();
    }
}
