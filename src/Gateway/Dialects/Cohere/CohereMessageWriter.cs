using System.Text;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Cohere;

/// <summary>
/// Writes the turns. Every result of a tool is a turn of its own; its images, which no such turn takes, follow in a turn of the user.
/// Documents of a user's turn are put by for the request's own list.
/// </summary>
internal sealed class CohereMessageWriter(Utf8JsonWriter json, DroppedMembers dropped, List<DocumentPart> documents)
{
    private readonly List<(string Id, string Name)> _unanswered = [];
    private readonly List<ImagePart> _images = [];

    /// <summary>Writes the <c>messages</c> member.</summary>
    public void Write(List<ChatMessage> messages)
    {
        json.WriteStartArray("messages"u8);
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            if (message.Role != ChatRole.Tool)
                WriteImages();
            if (message.Role == ChatRole.Tool)
                WriteResults(message, i);
            else
                WriteTurn(message, i);
            dropped.AddForeign(message.Extras, Operation.CohereChat);
            if (message.Name is not null)
                dropped.Add($"messages[{i}].name");
        }

        WriteImages();
        json.WriteEndArray();
    }

    /// <summary>Writes a document: an object of its own where it is one, otherwise its text and title.</summary>
    public static void WriteDocument(Utf8JsonWriter json, DocumentPart part)
    {
        json.WriteStartObject();
        var isObject = part.Source.MediaType == "application/json" && WireJson.ValueOf(part.Text ?? "") is not null;
        if (isObject && part.Name is not null)
            json.WriteText("id"u8, part.Name);
        if (isObject)
        {
            json.WriteRaw("data"u8, WireJson.ValueOf(part.Text!)!.Value);
        }
        else
        {
            json.WriteStartObject("data"u8);
            if (part.Name is not null)
                json.WriteText("title"u8, part.Name);
            json.WriteText("text"u8, part.Text ?? "");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteTurn(ChatMessage message, int turn)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, message.Role switch { ChatRole.User => "user"u8, ChatRole.Assistant => "assistant"u8, _ => "system"u8 });
        if (message.Role == ChatRole.Assistant)
        {
            CohereAnswerWriter.Write(json, message.Parts, new CohereAnswerWriter.ToProvider(turn, dropped));
            NoteCalls(message, turn);
        }
        else
        {
            WriteContent(message, turn);
        }

        UnknownMembers.WriteOwn(json, message.Extras, Operation.CohereChat);
        json.WriteEndObject();
        for (var i = 0; i < message.Parts.Count; i++)
            ReportPart(message.Parts[i], $"messages[{turn}].content[{i}]");
    }

    private void WriteContent(ChatMessage message, int turn)
    {
        if (message.Parts is [TextPart { Extras: null } only])
        {
            json.WriteText("content"u8, only.Text);
            return;
        }

        json.WriteStartArray("content"u8);
        for (var i = 0; i < message.Parts.Count; i++)
        {
            var path = $"messages[{turn}].content[{i}]";
            switch (message.Parts[i])
            {
                case TextPart text:
                    WriteText(text);
                    break;
                case ImagePart image when message.Role == ChatRole.User:
                    WriteImage(image, path);
                    break;
                case DocumentPart document when TextOf(document) is { } readable:
                    documents.Add(readable);
                    break;
                case OpaquePart { Whole.Origin: Operation.CohereChat } opaque:
                    opaque.Whole.Value.WriteTo(json);
                    break;
                case OpaquePart opaque:
                    dropped.Add(opaque.Whole.Path);
                    break;
                case RefusalPart refusal:
                    WriteText(new TextPart(refusal.Text));
                    break;
                case AudioPart { Transcript: { } transcript }:
                    WriteText(new TextPart(transcript));
                    break;
                case var part and (ImagePart or DocumentPart or AudioPart or VideoPart):
                    throw new RequestFormatException($"The target's wire (Cohere) takes no {part.GetType().Name[..^4].ToLowerInvariant()} here.", path);
                default:
                    dropped.Add(path);
                    break;
            }
        }

        json.WriteEndArray();
    }

    private void WriteResults(ChatMessage message, int turn)
    {
        for (var i = 0; i < message.Parts.Count; i++)
        {
            if (message.Parts[i] is not ToolResultPart result)
                continue;
            var path = $"messages[{turn}].content[{i}]";
            json.WriteStartObject();
            json.WriteString("role"u8, "tool"u8);
            json.WriteText("tool_call_id"u8, AnsweredId(result));
            WriteResultContent(result, path);
            if (message.Parts.Count == 1)
                UnknownMembers.WriteOwn(json, message.Extras, Operation.CohereChat);
            json.WriteEndObject();
            if (result.IsError)
                dropped.Add($"{path}.is_error");
            ReportPart(result, path);
        }
    }

    private void WriteResultContent(ToolResultPart result, string path)
    {
        var said = result.Content.FindAll(p => p is not ImagePart);
        _images.AddRange(result.Content.OfType<ImagePart>());
        if (said.Count == 0 || said is [TextPart { Extras: null }])
        {
            json.WriteText("content"u8, said.Count == 0 ? "" : ((TextPart)said[0]).Text);
            return;
        }

        json.WriteStartArray("content"u8);
        foreach (var part in said)
        {
            switch (part)
            {
                case TextPart text:
                    WriteText(text);
                    break;
                case DocumentPart document when TextOf(document) is { } readable:
                    json.WriteStartObject();
                    json.WriteString("type"u8, "document"u8);
                    json.WritePropertyName("document"u8);
                    WriteDocument(json, readable);
                    json.WriteEndObject();
                    break;
                case OpaquePart { Whole.Origin: Operation.CohereChat } opaque:
                    opaque.Whole.Value.WriteTo(json);
                    break;
                default:
                    dropped.Add($"{path} ({part.GetType().Name[..^4].ToLowerInvariant()})");
                    break;
            }
        }

        json.WriteEndArray();
    }

    private void WriteText(TextPart text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteText("text"u8, text.Text);
        UnknownMembers.WriteOwn(json, text.Extras, Operation.CohereChat);
        json.WriteEndObject();
    }

    private void WriteImage(ImagePart image, string path)
    {
        if (image.Source.FileId is not null)
            throw new RequestFormatException("The target's wire (Cohere) takes images by address or as data, not by file id.", path);
        json.WriteStartObject();
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        json.WriteText("url"u8, image.Source.ToUrl("image/jpeg"));
        if (image.Detail is not null)
            json.WriteText("detail"u8, image.Detail);
        json.WriteEndObject();
        UnknownMembers.WriteOwn(json, image.Extras, Operation.CohereChat);
        json.WriteEndObject();
    }

    private void WriteImages()
    {
        if (_images.Count == 0)
            return;
        json.WriteStartObject();
        json.WriteString("role"u8, "user"u8);
        json.WriteStartArray("content"u8);
        foreach (var image in _images)
            WriteImage(image, "messages");
        json.WriteEndArray();
        json.WriteEndObject();
        _images.Clear();
    }

    /// <summary>The document with its text, or null when it is not text.</summary>
    private static DocumentPart? TextOf(DocumentPart document)
    {
        if (document.Text is not null)
            return document;
        if (document.Source is not { Data: { } data, MediaType: { } type } || !type.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
            return null;
        var bytes = new byte[data.Length];
        return Convert.TryFromBase64String(data, bytes, out var length)
            ? new DocumentPart(new MediaSource { MediaType = type }) { Text = Encoding.UTF8.GetString(bytes.AsSpan(0, length)), Name = document.Name }
            : null;
    }

    private void NoteCalls(ChatMessage message, int turn)
    {
        _unanswered.Clear();
        foreach (var call in message.Parts.OfType<ToolCallPart>())
            _unanswered.Add((call.Id.Length > 0 ? call.Id : CohereAnswerWriter.MissingId(turn, _unanswered.Count), call.Name));
    }

    /// <summary>A result without an id answers the first open call of its tool.</summary>
    private string AnsweredId(ToolResultPart result)
    {
        var at = _unanswered.FindIndex(c => result.CallId.Length > 0 ? c.Id == result.CallId : result.Name is null || c.Name == result.Name);
        if (at < 0)
            return result.CallId.Length > 0 ? result.CallId : result.Name ?? "";
        var id = _unanswered[at].Id;
        _unanswered.RemoveAt(at);
        return id;
    }

    private void ReportPart(ContentPart part, string path)
    {
        if (part.Cache is not null)
            dropped.Add($"{path}.cache_control");
        if (part.Extras is { } extras)
            dropped.AddForeign(extras, Operation.CohereChat);
        for (var i = 0; part is ToolResultPart result && i < result.Content.Count; i++)
            ReportPart(result.Content[i], $"{path}.content[{i}]");
    }
}
