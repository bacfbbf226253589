using System.Text;
using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Writes content to a provider: what goes in, and in the assistant's turns what came out.</summary>
internal static class ResponsesPartWriter
{
    /// <summary>Writes a part that goes in.</summary>
    /// <exception cref="RequestFormatException">It can't be said on this wire.</exception>
    public static void WriteInput(Utf8JsonWriter json, ContentPart part, string path, TargetTraits target, DroppedMembers dropped)
    {
        switch (part)
        {
            case OpaquePart { Whole: var whole }:
                if (whole.Origin == Operation.Responses)
                    whole.Value.WriteTo(json);
                else
                    dropped.Add(whole.Path);
                return;
            case VideoPart:
                throw new RequestFormatException("The target takes no video.", path);
            case ReasoningPart or ToolCallPart or ToolResultPart:
                dropped.Add(path);
                return;
        }

        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                WriteText(json, text.Text);
                break;
            case RefusalPart refusal:
                WriteText(json, refusal.Text);
                break;
            case ImagePart image:
                WriteImage(json, image);
                break;
            case DocumentPart document:
                WriteDocument(json, document, path, dropped);
                break;
            case AudioPart audio:
                WriteAudio(json, audio, path);
                break;
        }

        if (part.Cache is not null && OpenAiModels.TakesCacheMarks(target.Model))
        {
            json.WriteStartObject("prompt_cache_breakpoint"u8);
            json.WriteString("mode"u8, "explicit"u8);
            json.WriteEndObject();
        }
        else if (part.Cache is not null)
        {
            dropped.Add($"{path}.cache_control");
        }

        OpenAiExtras.Write(json, part.Extras, Operation.Responses, shares: false, dropped);
        json.WriteEndObject();
    }

    /// <summary>Whether a part of the assistant's turn stands in a message.</summary>
    public static bool IsSpoken(ContentPart part) => part is TextPart or RefusalPart;

    /// <summary>Writes a part of the assistant's message.</summary>
    public static void WriteOutput(Utf8JsonWriter json, ContentPart part, string path, DroppedMembers dropped)
    {
        json.WriteStartObject();
        if (part is RefusalPart refusal)
        {
            json.WriteString("type"u8, "refusal"u8);
            json.WriteText("refusal"u8, refusal.Text);
        }
        else
        {
            json.WriteString("type"u8, "output_text"u8);
            json.WriteText("text"u8, ((TextPart)part).Text);
        }

        if (part.Cache is not null)
            dropped.Add($"{path}.cache_control");
        OpenAiExtras.Write(json, part.Extras, Operation.Responses, shares: false, dropped);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteString("type"u8, "input_text"u8);
        json.WriteText("text"u8, text);
    }

    private static void WriteImage(Utf8JsonWriter json, ImagePart image)
    {
        json.WriteString("type"u8, "input_image"u8);
        if (image.Source.FileId is { } id)
            json.WriteText("file_id"u8, id);
        else
            json.WriteText("image_url"u8, image.Source.ToUrl("image/png"));
        if (image.Detail is { } detail)
            json.WriteText("detail"u8, detail);
    }

    private static void WriteDocument(Utf8JsonWriter json, DocumentPart document, string path, DroppedMembers dropped)
    {
        if (document.Context is not null)
            dropped.Add($"{path}.context");
        if (document.Citations == true)
            dropped.Add($"{path}.citations");
        if (document.Text is { } text)
        {
            WriteText(json, document.Name is { } title ? new StringBuilder(title).Append(":\n").Append(text).ToString() : text);
            return;
        }

        json.WriteString("type"u8, "input_file"u8);
        if (document.Source.FileId is { } id)
        {
            json.WriteText("file_id"u8, id);
            return;
        }

        if (document.Source.Url is { } url)
        {
            json.WriteText("file_url"u8, url);
            return;
        }

        // Files given by data must have a name.
        json.WriteText("filename"u8, document.Name ?? "document.pdf");
        json.WriteText("file_data"u8, document.Source.ToUrl("application/pdf"));
    }

    private static void WriteAudio(Utf8JsonWriter json, AudioPart audio, string path)
    {
        json.WriteString("type"u8, "input_audio"u8);
        json.WriteStartObject("input_audio"u8);
        json.WriteText("data"u8, audio.Source.Data ?? throw new RequestFormatException("The target takes audio as base64 data only.", path));
        json.WriteText("format"u8, AudioFormats.Of(audio));
        json.WriteEndObject();
    }
}
