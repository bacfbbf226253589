using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Gemini;

/// <summary>Writes the parts of a request's turns.</summary>
internal sealed class GeminiPartWriter(Utf8JsonWriter writer, GeminiTraits traits, DroppedMembers dropped)
{
    /// <summary>Writes one part that is neither a call nor a result.</summary>
    /// <returns>Whether there was something to write.</returns>
    public bool Write(ContentPart part, string path, string? signature)
    {
        Note(part);
        switch (part)
        {
            case TextPart text:
                WriteText(text.Text, signature, part.Extras);
                return true;
            case RefusalPart refusal:
                WriteText(refusal.Text, signature, part.Extras);
                return true;
            case ReasoningPart reasoning:
                WriteThought(reasoning.Text, signature);
                return true;
            case ImagePart image:
                if (image.Detail is not (null or "auto"))
                    dropped.Add($"{path}.image_url.detail");
                WriteMedia(image.Source, "image/jpeg", null, part.Extras, signature);
                return true;
            case VideoPart video:
                WriteMedia(video.Source, "video/mp4", null, part.Extras, signature);
                return true;
            case AudioPart audio:
                return WriteAudio(audio, path, signature);
            case DocumentPart document:
                WriteDocument(document, path, signature);
                return true;
            case OpaquePart { Whole.Origin: Operation.GenerateContent } opaque:
                opaque.Whole.Value.WriteTo(writer);
                return true;
            case OpaquePart opaque:
                dropped.Add(opaque.Whole.Path);
                return false;
            default:
                dropped.Add(path);
                return false;
        }
    }

    /// <summary>Writes a text.</summary>
    public void WriteText(string text, string? signature, List<ExtraMember>? extras)
    {
        writer.WriteStartObject();
        writer.WriteText("text"u8, text);
        End(signature, extras);
    }

    /// <summary>Writes a call. Arguments that are no object are wrapped as <c>arguments</c>: the wire has no other place for them.</summary>
    public void WriteCall(ToolCallPart call, string id, string? signature, string path)
    {
        Note(call);
        writer.WriteStartObject();
        writer.WriteStartObject("functionCall"u8);
        writer.WriteText("id"u8, id);
        writer.WriteText("name"u8, call.Name);
        if (!GeminiArguments.Write(writer, call.Arguments))
            dropped.Add($"{path}.function.arguments (not an object)");
        writer.WriteEndObject();
        End(signature, call.Extras);
    }

    /// <summary>Writes a result, with its media where the model takes them.</summary>
    public void WriteResult(ToolResultPart result, string id, string name, string path)
    {
        Note(result);
        writer.WriteStartObject();
        writer.WriteStartObject("functionResponse"u8);
        if (id.Length > 0)
            writer.WriteText("id"u8, id);
        writer.WriteText("name"u8, name);
        GeminiFunctionResponse.Write(writer, result);
        if (traits.TakesResultMedia && result.Content.Exists(HasMedia))
        {
            writer.WriteStartArray("parts"u8);
            WriteMediaOf(result, path);
            writer.WriteEndArray();
        }

        UnknownMembers.WriteOwn(writer, result.Extras, Operation.GenerateContent);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes a result's media as parts of the turn, for models that take them only there.</summary>
    public void WriteResultMedia(ToolResultPart result, string path)
    {
        if (!traits.TakesResultMedia)
            WriteMediaOf(result, path);
    }

    /// <summary>Names what of a part has no place.</summary>
    public void Note(ContentPart part)
    {
        // Prompts are cached without being asked.
        if (part.Cache is not null)
            dropped.Add("cache_control");
        if (part.Extras is { } extras)
            dropped.AddForeign(extras, Operation.GenerateContent);
    }

    private static bool HasMedia(ContentPart part) => part is ImagePart or AudioPart or VideoPart or DocumentPart { Text: null };

    private void WriteMediaOf(ToolResultPart result, string path)
    {
        for (var j = 0; j < result.Content.Count; j++)
        {
            if (HasMedia(result.Content[j]))
                Write(result.Content[j], $"{path}.content[{j}]", null);
        }
    }

    private void WriteThought(string text, string? signature)
    {
        writer.WriteStartObject();
        writer.WriteText("text"u8, text);
        // Without words it only signs the turn, which is what an empty text does.
        if (text.Length > 0)
            writer.WriteBoolean("thought"u8, true);
        End(signature, null);
    }

    private bool WriteAudio(AudioPart audio, string path, string? signature)
    {
        if (audio.Source.Data is null && audio.Source.Url is null)
        {
            // Audio a model spoke is known here only by what it said.
            dropped.Add($"{path} (audio)");
            if (audio.Transcript is not { Length: > 0 } transcript)
                return false;
            WriteText(transcript, signature, null);
            return true;
        }

        WriteMedia(audio.Source, GeminiMedia.AudioType(audio.Format), null, audio.Extras, signature);
        return true;
    }

    private void WriteDocument(DocumentPart document, string path, string? signature)
    {
        if (document.Name is not null && !traits.IsVertex)
            dropped.Add($"{path}.filename");
        if (document.Context is not null)
            dropped.Add($"{path}.context");
        if (document.Citations == true)
            dropped.Add($"{path}.citations");
        var name = traits.IsVertex ? document.Name : null;
        if (document.Text is not { } text)
        {
            WriteMedia(document.Source, "application/pdf", name, document.Extras, signature);
            return;
        }

        writer.WriteStartObject();
        GeminiMedia.WriteText(writer, text, document.Source.MediaType, name);
        End(signature, document.Extras);
    }

    private void WriteMedia(MediaSource source, string fallbackType, string? name, List<ExtraMember>? extras, string? signature)
    {
        if (!traits.IsVertex && source.Url?.StartsWith("gs://", StringComparison.OrdinalIgnoreCase) == true)
            throw new RequestFormatException($"'{source.Url}' can be read over Vertex AI only.");
        writer.WriteStartObject();
        GeminiMedia.Write(writer, source, fallbackType, traits.IsVertex ? name ?? NameOf(extras) : null);
        End(signature, extras);
    }

    private static string? NameOf(List<ExtraMember>? extras)
    {
        var name = extras?.Find(extra => extra is { Origin: Operation.GenerateContent, Name: "displayName" });
        if (name is null)
            return null;
        using var document = WireJson.Parse(name.Value.Utf8);
        return document.RootElement.Text();
    }

    private void End(string? signature, List<ExtraMember>? extras)
    {
        if (signature is not null)
            writer.WriteText("thoughtSignature"u8, signature);
        foreach (var extra in extras ?? [])
        {
            if (extra.Origin == Operation.GenerateContent && extra.Name != "displayName")
                writer.WriteRaw(extra.Name, extra.Value);
        }

        writer.WriteEndObject();
    }
}
