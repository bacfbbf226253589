using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Cohere;

/// <summary>Reads one turn of a request.</summary>
internal static class CohereMessageReader
{
    private static readonly string[] Known = ["role", "content"];
    private static readonly string[] KnownOfAssistant = ["role", "content", "tool_plan", "tool_calls", "citations"];
    private static readonly string[] KnownOfTool = ["role", "content", "tool_call_id"];

    public static ChatMessage Read(JsonElement message, string path)
    {
        if (message.ValueKind != JsonValueKind.Object)
            throw new RequestFormatException($"'{path}' must be an object.", path);
        var parts = new List<ContentPart>();
        var role = message.TextOf("role"u8, path);
        ChatMessage turn;
        switch (role)
        {
            case "system":
            case "developer":
            case "user":
                ReadContent(message.Get("content"u8), path, parts);
                turn = new ChatMessage { Role = role == "user" ? ChatRole.User : role == "system" ? ChatRole.System : ChatRole.Developer, Parts = parts };
                UnknownMembers.Collect(message, Operation.CohereChat, path, Known, turn.Extras);
                break;
            case "assistant":
                CohereAnswer.Read(message, path, parts);
                turn = new ChatMessage { Role = ChatRole.Assistant, Parts = parts };
                UnknownMembers.Collect(message, Operation.CohereChat, path, KnownOfAssistant, turn.Extras);
                break;
            case "tool":
                var id = message.TextOf("tool_call_id"u8, path) ?? throw new RequestFormatException($"Missing required parameter: '{path}.tool_call_id'.", $"{path}.tool_call_id");
                var content = new List<ContentPart>();
                ReadContent(message.Get("content"u8), path, content);
                parts.Add(new ToolResultPart { CallId = id, Content = content });
                turn = new ChatMessage { Role = ChatRole.Tool, Parts = parts };
                UnknownMembers.Collect(message, Operation.CohereChat, path, KnownOfTool, turn.Extras);
                break;
            default:
                throw new RequestFormatException($"'{path}.role' must be system, user, assistant or tool.", $"{path}.role");
        }

        return turn;
    }

    private static void ReadContent(JsonElement content, string path, List<ContentPart> parts)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                parts.Add(new TextPart(content.Text()!));
                break;
            case JsonValueKind.Array:
                foreach (var block in content.EnumerateArray())
                    parts.Add(ReadBlock(block, $"{path}.content[{parts.Count}]"));
                break;
            case JsonValueKind.Undefined or JsonValueKind.Null:
                break;
            default:
                throw new RequestFormatException($"'{path}.content' must be a string or an array.", $"{path}.content");
        }
    }

    private static ContentPart ReadBlock(JsonElement block, string path)
    {
        if (block.ValueKind == JsonValueKind.String)
            return new TextPart(block.Text()!);
        var type = block.Text("type"u8);
        switch (type)
        {
            case "text":
                return new TextPart(block.TextOf("text"u8, path) ?? "") { Extras = UnknownMembers.Of(block, Operation.CohereChat, path, ["type", "text"]) };
            case "image_url":
                var image = block.Get("image_url"u8);
                var url = image.Text() ?? image.Text("url"u8) ?? throw new RequestFormatException($"Missing required parameter: '{path}.image_url.url'.", $"{path}.image_url.url");
                return new ImagePart(MediaSource.FromUrl(url)) { Detail = image.Text("detail"u8), Extras = UnknownMembers.Of(block, Operation.CohereChat, path, ["type", "image_url"]) };
            case "document" when block.Get("document"u8).ValueKind == JsonValueKind.Object:
                return ReadDocument(block.Get("document"u8));
            default:
                if (block.ValueKind != JsonValueKind.Object || type is null)
                    throw new RequestFormatException($"'{path}.type' is missing.", $"{path}.type");
                return new OpaquePart(new ExtraMember(Operation.CohereChat, $"{path} ({type})", type, RawJson.Of(block)));
        }
    }

    /// <summary>A document is an object of the client's own making, sometimes given as its JSON text; its id is what citations name.</summary>
    private static DocumentPart ReadDocument(JsonElement document)
    {
        var data = document.Get("data"u8);
        var (text, isObject) = data.ValueKind switch
        {
            JsonValueKind.String => (data.Text()!, WireJson.ValueOf(data.Text()!) is { } value && value.Utf8.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8)),
            JsonValueKind.Object => (RawJson.Of(data).ToString(), true),
            _ => ("", false),
        };
        return new DocumentPart(new MediaSource { MediaType = isObject ? "application/json" : "text/plain" })
        {
            Text = text,
            Name = document.Text("id"u8),
        };
    }
}
