using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Reads <c>messages</c>. One instance per request.</summary>
internal sealed class ChatMessageReader
{
    private readonly Dictionary<string, string> _legacyCalls = [];

    /// <summary>The turns.</summary>
    /// <exception cref="RequestFormatException">They are no messages of this wire.</exception>
    public void Read(JsonElement messages, List<ChatMessage> turns)
    {
        if (!RequestValue.IsArray(messages, "messages"))
            throw RequestValue.Missing("messages");
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var path = $"messages[{index}]";
            if (!RequestValue.IsObject(message, path))
                throw RequestValue.Wrong(path, "an object");
            turns.Add(ReadMessage(message, path, index++));
        }

        if (index == 0)
            throw new RequestFormatException("'messages' must not be empty.", "messages");
    }

    private ChatMessage ReadMessage(JsonElement message, string path, int index)
    {
        var role = RequestValue.Text(message.Get("role"u8), $"{path}.role");
        return role switch
        {
            "system" => Plain(ChatRole.System, message, path),
            "developer" => Plain(ChatRole.Developer, message, path),
            "user" => Plain(ChatRole.User, message, path),
            "assistant" => Assistant(message, path, index),
            "tool" => Tool(message, path),
            "function" => Function(message, path, index),
            null => throw RequestValue.Missing($"{path}.role"),
            _ => throw new RequestFormatException($"'{path}.role' must be one of system, developer, user, assistant, tool and function.", $"{path}.role"),
        };
    }

    private static ChatMessage Plain(ChatRole role, JsonElement message, string path)
    {
        var parts = new List<ContentPart>();
        if (!message.Get("content"u8).Says())
            throw RequestValue.Missing($"{path}.content");
        ChatPartReader.Read(message.Get("content"u8), $"{path}.content", parts);
        var turn = new ChatMessage { Role = role, Parts = parts, Name = Name(message, path) };
        AddExtras(turn, message, path, static name => name is "role" or "content" or "name");
        return turn;
    }

    private ChatMessage Assistant(JsonElement message, string path, int index)
    {
        var legacyId = $"call_{index}";
        if (message.Get("function_call"u8).Text("name"u8) is { } function)
            _legacyCalls[function] = legacyId;
        var turn = new ChatMessage
        {
            Role = ChatRole.Assistant,
            Parts = ChatAssistantReader.Read(message, path, legacyId),
            Name = Name(message, path),
        };
        AddExtras(turn, message, path, ChatAssistantReader.IsKnown);
        return turn;
    }

    private static ChatMessage Tool(JsonElement message, string path)
    {
        var id = RequestValue.Text(message.Get("tool_call_id"u8), $"{path}.tool_call_id") ?? throw RequestValue.Missing($"{path}.tool_call_id");
        return Result(message, path, id, Name(message, path));
    }

    private ChatMessage Function(JsonElement message, string path, int index)
    {
        var name = Name(message, path) ?? throw RequestValue.Missing($"{path}.name");
        return Result(message, path, _legacyCalls.GetValueOrDefault(name) ?? $"call_{index}", name);
    }

    private static ChatMessage Result(JsonElement message, string path, string id, string? name)
    {
        var content = new List<ContentPart>();
        ChatPartReader.Read(message.Get("content"u8), $"{path}.content", content);
        var turn = new ChatMessage
        {
            Role = ChatRole.Tool,
            Parts = [new ToolResultPart { CallId = id, Name = name, Content = content, Cache = ChatCache.Read(message) }],
        };
        AddExtras(turn, message, path, static member => member is "role" or "content" or "name" or "tool_call_id" || ChatCache.IsMark(member));
        return turn;
    }

    private static string? Name(JsonElement message, string path) => RequestValue.Text(message.Get("name"u8), $"{path}.name");

    private static void AddExtras(ChatMessage turn, JsonElement message, string path, Func<string, bool> isKnown)
    {
        foreach (var member in message.EnumerateObject())
        {
            var name = RequestValue.NameOf(member);
            if (!isKnown(name) && member.Value.Says())
                turn.Extras.Add(new ExtraMember(Operation.ChatCompletions, $"{path}.{name}", name, RawJson.Of(member.Value)));
        }
    }
}
