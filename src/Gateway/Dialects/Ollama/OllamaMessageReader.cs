using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Ollama;

/// <summary>
/// Reads the turns of a request, in order. Calls without an id get one from their place, and a result that names only its tool answers the first
/// open call of that tool: other wires link the two by ids.
/// </summary>
internal sealed class OllamaMessageReader
{
    private static readonly string[] Known = ["role", "content", "images", "thinking", "thinking_signature", "tool_calls", "tool_name", "tool_call_id"];

    private readonly List<ToolCallPart> _unanswered = [];

    public ChatMessage Read(JsonElement message, int turn)
    {
        var path = $"messages[{turn}]";
        if (message.ValueKind != JsonValueKind.Object)
            throw new RequestFormatException($"'{path}' must be an object.", path);
        var role = message.TextOf("role"u8, path)?.ToLowerInvariant() switch
        {
            "system" => ChatRole.System,
            "developer" => ChatRole.Developer,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "tool" => ChatRole.Tool,
            _ => throw new RequestFormatException($"'{path}.role' must be system, user, assistant or tool.", $"{path}.role"),
        };
        var parts = new List<ContentPart>();
        OllamaAnswer.Read(message, path, parts, index => $"call_{turn}_{index}");
        if (role == ChatRole.Tool)
            parts = [Answer(message, path, parts)];
        else if (parts.Count == 0)
            parts.Add(new TextPart(""));
        if (role == ChatRole.Assistant)
        {
            _unanswered.Clear();
            _unanswered.AddRange(parts.OfType<ToolCallPart>());
        }

        var read = new ChatMessage { Role = role, Parts = parts };
        UnknownMembers.Collect(message, Operation.OllamaChat, path, Known, read.Extras);
        return read;
    }

    private ToolResultPart Answer(JsonElement message, string path, List<ContentPart> content)
    {
        var name = message.TextOf("tool_name"u8, path);
        var id = message.TextOf("tool_call_id"u8, path);
        var at = _unanswered.FindIndex(c => id is { Length: > 0 } ? c.Id == id : name is null || c.Name == name);
        if (at >= 0)
        {
            (id, name) = (_unanswered[at].Id, name ?? _unanswered[at].Name);
            _unanswered.RemoveAt(at);
        }

        return new ToolResultPart { CallId = id ?? "", Name = name, Content = content };
    }
}
