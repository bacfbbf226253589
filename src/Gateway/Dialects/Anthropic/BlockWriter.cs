using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>Writes the content blocks of a request. One instance per request, asked in the order of the body.</summary>
/// <param name="json">Where to.</param>
/// <param name="marks">The prompt-cache marks.</param>
/// <param name="dropped">Told of what can't be said.</param>
internal sealed class BlockWriter(Utf8JsonWriter json, CacheMarks marks, DroppedMembers dropped)
{
    private readonly ToolUseIds _ids = new();

    /// <summary>Writes the content of a turn: bare text where that is all there is, otherwise blocks.</summary>
    public void WriteContent(ReadOnlySpan<byte> name, List<Piece> pieces)
    {
        if (pieces.Count == 1 && pieces[0].Part is TextPart { Cache: null, Extras: null, Citations.IsMissing: true } text)
        {
            json.WriteText(name, text.Text);
            return;
        }

        json.WriteStartArray(name);
        foreach (var piece in pieces)
            Write(piece.Part, piece.Place);
        json.WriteEndArray();
    }

    /// <summary>Writes one block.</summary>
    public void Write(ContentPart part, Place place)
    {
        switch (part)
        {
            case OpaquePart opaque:
                opaque.Whole.Value.WriteTo(json);
                marks.Pass(opaque.Cache);
                return;
            case ReasoningPart reasoning:
                if (reasoning.Cache is not null)
                    dropped.Add(place.Of("cache_control"));
                ThinkingBlocks.Write(json, reasoning);
                return;
        }

        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                WriteText(text, place);
                break;
            case ImagePart image:
                WriteImage(image, place);
                break;
            case DocumentPart document:
                WriteDocument(document, place);
                break;
            case ToolCallPart call:
                WriteCall(call, place);
                break;
            case ToolResultPart result:
                WriteResult(result, place);
                break;
        }

        AnthropicExtras.Write(json, part.Extras, dropped);
        marks.Write(json, part.Cache);
        json.WriteEndObject();
    }

    private void WriteText(TextPart text, Place place)
    {
        json.WriteString("type"u8, "text"u8);
        json.WriteText("text"u8, text.Text);
        if (text.Citations.IsMissing)
            return;
        if (text.CitationsOrigin == Operation.Messages)
            json.WriteRaw("citations"u8, text.Citations);
        else
            dropped.Add(place.Of("annotations"));
    }

    private void WriteImage(ImagePart image, Place place)
    {
        if (image.Detail is not (null or "auto"))
            dropped.Add(place.Of("image_url.detail"));
        json.WriteString("type"u8, "image"u8);
        json.WriteStartObject("source"u8);
        if (image.Source.Data is { } data)
        {
            var type = MediaTypes.Image(image.Source)
                ?? throw new RequestFormatException("Images must be JPEG, PNG, GIF or WebP for models of this provider.", place.ToString());
            json.WriteString("type"u8, "base64"u8);
            json.WriteString("media_type"u8, type);
            json.WriteText("data"u8, data);
        }
        else
        {
            WriteReference(image.Source, place);
        }

        json.WriteEndObject();
    }

    private void WriteDocument(DocumentPart document, Place place)
    {
        json.WriteString("type"u8, "document"u8);
        json.WriteStartObject("source"u8);
        var source = document.Source;
        if (document.Text is not null || (source.Data is not null && !MediaTypes.IsPdf(source)))
        {
            var text = document.Text ?? MediaTypes.TextOf(source)
                ?? throw new RequestFormatException("Documents must be PDF or text for models of this provider.", place.ToString());
            json.WriteString("type"u8, "text"u8);
            json.WriteString("media_type"u8, "text/plain"u8);
            json.WriteText("data"u8, text);
        }
        else if (source.Data is not null)
        {
            json.WriteString("type"u8, "base64"u8);
            json.WriteString("media_type"u8, "application/pdf"u8);
            json.WriteText("data"u8, source.Data);
        }
        else
        {
            WriteReference(source, place);
        }

        json.WriteEndObject();
        if (document.Name is not null)
            json.WriteText("title"u8, document.Name);
        if (document.Context is not null)
            json.WriteText("context"u8, document.Context);
        if (document.Citations is { } citations)
        {
            json.WriteStartObject("citations"u8);
            json.WriteBoolean("enabled"u8, citations);
            json.WriteEndObject();
        }
    }

    private void WriteReference(MediaSource source, Place place)
    {
        if (source.FileId is { } file)
        {
            json.WriteString("type"u8, "file"u8);
            json.WriteText("file_id"u8, file);
            return;
        }

        if (source.Url is null || !source.Url.StartsWith("http", StringComparison.OrdinalIgnoreCase))
            throw new RequestFormatException("Media must be given as data or by an https address for models of this provider.", place.ToString());
        json.WriteString("type"u8, "url"u8);
        json.WriteText("url"u8, source.Url);
    }

    private void WriteCall(ToolCallPart call, Place place)
    {
        json.WriteString("type"u8, "tool_use"u8);
        json.WriteString("id"u8, _ids.Call(call));
        json.WriteText("name"u8, call.Name);
        json.WritePropertyName("input"u8);
        if (!WriteInput(json, call.Arguments))
            dropped.Add(place.Of("arguments (not a JSON object; sent as text)"));
    }

    /// <summary>Writes a call's arguments as the object this wire wants; anything else as the text it is, in an object.</summary>
    /// <returns>False when they were no object.</returns>
    public static bool WriteInput(Utf8JsonWriter json, string arguments)
    {
        if (WireJson.ValueOf(arguments) is { } value && IsObject(value))
        {
            value.WriteTo(json);
            return true;
        }

        json.WriteStartObject();
        json.WriteText("arguments"u8, arguments);
        json.WriteEndObject();
        return false;
    }

    private void WriteResult(ToolResultPart result, Place place)
    {
        json.WriteString("type"u8, "tool_result"u8);
        json.WriteString("tool_use_id"u8, _ids.Result(result));
        var pieces = new List<Piece>(result.Content.Count);
        for (var i = 0; i < result.Content.Count; i++)
        {
            var inner = place with { Inner = i };
            if (TurnRules.Fit(result.Content[i], ChatRole.Tool, inner, dropped) is { } part)
                pieces.Add(new Piece(part, inner));
        }

        if (pieces.Count > 0)
            WriteContent("content"u8, pieces);
        if (result.IsError)
            json.WriteBoolean("is_error"u8, true);
    }

    private static bool IsObject(RawJson value) => value.Utf8.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
}
