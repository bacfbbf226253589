using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Writes the parts of a request's turns as content blocks.</summary>
internal sealed class ConversePartWriter(Utf8JsonWriter writer, BedrockModel model, TargetTraits target, ConverseToolIds ids, DroppedMembers dropped)
{
    private readonly ConverseDocuments _documents = new(writer, dropped);

    /// <summary>Whether a part becomes a block at all. What is left out and is not just empty is reported.</summary>
    public bool Takes(ContentPart part, PartPlace place)
    {
        switch (part)
        {
            case TextPart text:
                return !string.IsNullOrWhiteSpace(text.Text); // blank text is refused
            case RefusalPart refusal:
                return !string.IsNullOrWhiteSpace(refusal.Text);
            case ReasoningPart reasoning:
                if (IsOwn(reasoning))
                    return true;
                dropped.Add($"messages[{place.Message}].reasoning");
                return false;
            case AudioPart { Source: { Data: null, Url: null }, Transcript: null }:
                dropped.Add($"{place} (audio)");
                return false;
            case OpaquePart opaque:
                if (opaque.Whole.Origin == Operation.Converse)
                    return true;
                dropped.Add(opaque.Whole.Path);
                return false;
            default:
                return true;
        }
    }

    /// <summary>Writes a part that <see cref="Takes"/> accepted, and its cache point.</summary>
    /// <exception cref="RequestFormatException">It can't be said on this wire.</exception>
    public void Write(ContentPart part, PartPlace place)
    {
        WriteBlock(part, place);
        if (part.Extras is { } extras)
            dropped.AddForeign(extras, Operation.Converse);
        if (part.Cache is { } cache)
            WriteCachePoint(cache, place);
    }

    private void WriteBlock(ContentPart part, PartPlace place)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(text, place);
                break;
            case RefusalPart refusal:
                ConverseBlocks.Text(writer, refusal.Text);
                break;
            case ReasoningPart reasoning:
                ConverseBlocks.OwnReasoning(writer, reasoning);
                break;
            case ImagePart image:
                Reachable(image.Source, place);
                if (image.Detail is "low" or "high")
                    dropped.Add($"{place}.image_url.detail");
                ConverseBlocks.Media(writer, "image"u8, ConverseFormats.Image(image.Source) ?? throw Unsuitable("image", image.Source, place), image.Source, image.Extras);
                break;
            case VideoPart video:
                Reachable(video.Source, place);
                ConverseBlocks.Media(writer, "video"u8, ConverseFormats.Video(video.Source) ?? throw Unsuitable("video", video.Source, place), video.Source, video.Extras);
                break;
            case AudioPart audio:
                WriteAudio(audio, place);
                break;
            case DocumentPart document:
                if (document.Text is null)
                    Reachable(document.Source, place);
                _documents.Write(document, place);
                break;
            case ToolCallPart call:
                ConverseBlocks.ToolUse(writer, ids[call], call);
                break;
            case ToolResultPart result:
                WriteResult(result, place);
                break;
            case OpaquePart opaque:
                opaque.Whole.Value.WriteTo(writer);
                break;
        }
    }

    /// <summary>Signatures mean something to the vendor that made them, and nobody else here wants reasoning back.</summary>
    private bool IsOwn(ReasoningPart part) =>
        part.Origin == ReasoningOrigin.Anthropic && target.Vendor == ReasoningOrigin.Anthropic && (part.Signature ?? part.Encrypted) is not null;

    private void WriteText(TextPart part, PartPlace place)
    {
        if (part.Citations.IsMissing || part.CitationsOrigin != Operation.Converse)
        {
            if (!part.Citations.IsMissing)
                dropped.Add($"{place} (citations)");
            ConverseBlocks.Text(writer, part.Text);
            return;
        }

        ConverseBlocks.CitedText(writer, part);
    }

    private void WriteAudio(AudioPart part, PartPlace place)
    {
        if (part.Source is { Data: null, Url: null })
        {
            dropped.Add($"{place} (audio)");
            ConverseBlocks.Text(writer, part.Transcript!);
            return;
        }

        Reachable(part.Source, place);
        var format = ConverseFormats.Audio(part.Source, part.Format) ?? throw Unsuitable("audio", part.Source, place);
        ConverseBlocks.Media(writer, "audio"u8, format, part.Source, part.Extras);
    }

    private void WriteResult(ToolResultPart part, PartPlace place)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolResult"u8);
        writer.WriteText("toolUseId"u8, ids[part]);
        writer.WriteStartArray("content"u8);
        if (part.Json is { IsMissing: false } json && json.Utf8.Span is [(byte)'{', ..])
        {
            writer.WriteStartObject();
            writer.WriteRaw("json"u8, json);
            writer.WriteEndObject();
        }
        else
        {
            WriteResultContent(part, place);
        }

        writer.WriteEndArray();
        if (part.IsError && model.TakesToolStatus)
            writer.WriteString("status"u8, "error"u8);
        else if (part.IsError)
            dropped.Add($"{place}.is_error");
        ConverseExtras.Write(writer, part.Extras);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteResultContent(ToolResultPart part, PartPlace place)
    {
        var written = 0;
        for (var i = 0; i < part.Content.Count; i++)
        {
            var inner = place with { Inner = i };
            if (!Takes(part.Content[i], inner))
                continue;
            Write(part.Content[i], inner);
            written++;
        }

        if (written == 0)
            ConverseBlocks.Text(writer, "(no output)"); // there must be something, and blank text is refused
    }

    private void WriteCachePoint(CacheMark cache, PartPlace place)
    {
        if (!model.Caches)
        {
            dropped.Add($"{place}.cache_control");
            return;
        }

        var ttl = model.Family == BedrockFamily.Anthropic ? cache.Ttl : null;
        if (ttl != cache.Ttl)
            dropped.Add($"{place}.cache_control.ttl");
        ConverseBlocks.CachePoint(writer, ttl);
    }

    private static void Reachable(MediaSource source, PartPlace place)
    {
        if (source.FileId is not null)
            throw new RequestFormatException("Bedrock knows no uploaded files: send the data.", place.ToString());
        if (source.Url is { } url && !url.StartsWith("s3://", StringComparison.OrdinalIgnoreCase))
            throw new RequestFormatException("Bedrock takes data and s3:// addresses, no others.", place.ToString());
    }

    private static RequestFormatException Unsuitable(string kind, MediaSource source, PartPlace place) =>
        new($"Bedrock takes no {kind} of type '{source.MediaType ?? "unknown"}'.", place.ToString());
}
