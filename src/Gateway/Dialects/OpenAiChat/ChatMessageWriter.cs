using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Writes <c>messages</c>. One instance per request.</summary>
internal sealed class ChatMessageWriter(ChatWriting context)
{
    private readonly ToolIds _ids = new(context.Quirks.MaxToolId, context.Quirks.ToolIdLength);
    private readonly List<(string Call, ContentPart Part, string Path)> _resultMedia = [];

    /// <summary>Writes the array.</summary>
    /// <param name="json">Where the value is due.</param>
    /// <param name="instruction">What the model must be told besides, after the client's instructions, or null.</param>
    public void Write(Utf8JsonWriter json, string? instruction)
    {
        json.WriteStartArray();
        var turns = context.Quirks.Alternates ? Merged(context.Request.Messages) : context.Request.Messages;
        for (var i = 0; i < turns.Count; i++)
        {
            var turn = turns[i];
            if (turn.Role != ChatRole.Tool)
                WriteResultMedia(json);
            if (instruction is not null && turn.Role is not (ChatRole.System or ChatRole.Developer))
                WriteInstruction(json, ref instruction);
            WriteTurn(json, turn, $"messages[{i}]", i == turns.Count - 1);
        }

        WriteResultMedia(json);
        if (instruction is not null)
            WriteInstruction(json, ref instruction);
        json.WriteEndArray();
    }

    private static void WriteInstruction(Utf8JsonWriter json, ref string? instruction)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "system"u8);
        json.WriteText("content"u8, instruction!);
        json.WriteEndObject();
        instruction = null;
    }

    private void WriteTurn(Utf8JsonWriter json, ChatMessage turn, string path, bool isLast)
    {
        switch (turn.Role)
        {
            case ChatRole.Assistant:
                new ChatAssistantWriter(context, _ids).Write(json, turn, path, isLast);
                break;
            case ChatRole.Tool:
                WriteResults(json, turn, path);
                break;
            default:
                json.WriteStartObject();
                json.WriteString("role"u8, turn.Role switch
                {
                    ChatRole.User => "user"u8,
                    ChatRole.Developer when context.Quirks.Developer => "developer"u8,
                    _ => "system"u8,
                });
                json.WritePropertyName("content"u8);
                ChatPartWriter.Write(json, turn.Parts, $"{path}.content", turn.Role == ChatRole.User, context);
                End(json, turn, path, context);
                break;
        }
    }

    /// <summary>Writes each result as a message of its own; what is not text waits for a user's message, because a tool can't show it.</summary>
    private void WriteResults(Utf8JsonWriter json, ChatMessage turn, string path)
    {
        for (var i = 0; i < turn.Parts.Count; i++)
        {
            if (turn.Parts[i] is not ToolResultPart result)
            {
                context.Dropped.Add($"{path}.content[{i}] ({ChatPartWriter.Kind(turn.Parts[i])})");
                continue;
            }

            var id = _ids.Result(result);
            var where = turn.Parts.Count == 1 ? $"{path}.content" : $"{path}.content[{i}]";
            var shown = result.Content;
            if (shown.Exists(IsMedia))
            {
                for (var j = 0; j < shown.Count; j++)
                {
                    if (IsMedia(shown[j]))
                        _resultMedia.Add((id, shown[j], $"{where}[{j}]"));
                }

                shown = shown.FindAll(p => !IsMedia(p));
            }

            json.WriteStartObject();
            json.WriteString("role"u8, "tool"u8);
            json.WriteText("tool_call_id"u8, id);
            json.WritePropertyName("content"u8);
            ChatPartWriter.Write(json, shown, where, mediaToo: false, context);
            if (result.Name is { } name && context.Quirks.Names)
                json.WriteText("name"u8, name);
            ChatCache.Write(json, result.Cache, isPart: false, path, context);
            if (result.IsError)
                context.Dropped.Add($"{path} (is_error)");
            if (i == 0)
                OpenAiExtras.Write(json, turn.Extras, Operation.ChatCompletions, shares: false, context.Dropped);
            json.WriteEndObject();
        }
    }

    private static bool IsMedia(ContentPart part) => part is ImagePart or AudioPart or VideoPart or DocumentPart { Text: null };

    private void WriteResultMedia(Utf8JsonWriter json)
    {
        if (_resultMedia.Count == 0)
            return;
        json.WriteStartObject();
        json.WriteString("role"u8, "user"u8);
        json.WriteStartArray("content"u8);
        string? call = null;
        foreach (var (id, part, path) in _resultMedia)
        {
            if (id != call)
            {
                call = id;
                json.WriteStartObject();
                json.WriteString("type"u8, "text"u8);
                json.WriteText("text"u8, $"Result of tool call {id}:");
                json.WriteEndObject();
            }

            ChatPartWriter.WritePart(json, part, path, mediaToo: true, context);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        _resultMedia.Clear();
    }

    /// <summary>Writes what every message may have, and closes it.</summary>
    public static void End(Utf8JsonWriter json, ChatMessage turn, string path, ChatWriting context)
    {
        if (turn.Name is { } name)
        {
            if (context.Quirks.Names)
                json.WriteText("name"u8, name);
            else
                context.Dropped.Add($"{path}.name");
        }

        OpenAiExtras.Write(json, turn.Extras, Operation.ChatCompletions, shares: false, context.Dropped);
        json.WriteEndObject();
    }

    /// <summary>The turns with neighbours of one role made one.</summary>
    private static List<ChatMessage> Merged(List<ChatMessage> turns)
    {
        var merged = new List<ChatMessage>(turns.Count);
        foreach (var turn in turns)
        {
            var role = turn.Role == ChatRole.Developer ? ChatRole.System : turn.Role;
            if (merged.Count > 0 && merged[^1].Role == role && role != ChatRole.Tool)
            {
                merged[^1].Parts.AddRange(turn.Parts);
                merged[^1].Extras.AddRange(turn.Extras);
                continue;
            }

            var copy = new ChatMessage { Role = role, Parts = [.. turn.Parts], Name = turn.Name };
            copy.Extras.AddRange(turn.Extras);
            merged.Add(copy);
        }

        return merged;
    }
}
