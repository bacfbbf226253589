using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Reads <c>input</c>. Its items have no turns: what the assistant did between two inputs is one turn, unless it spoke twice.</summary>
internal static class ResponsesInputReader
{
    /// <summary>Adds the turns.</summary>
    /// <exception cref="RequestFormatException">It is no input, or one that only the API that keeps it could read.</exception>
    public static void Read(JsonElement input, List<ChatMessage> turns)
    {
        if (input.Text() is { } text)
        {
            turns.Add(new ChatMessage { Role = ChatRole.User, Parts = [new TextPart(text)] });
            return;
        }

        if (input.ValueKind != JsonValueKind.Array)
            throw input.Says() ? RequestValue.Wrong("input", "a string or an array of items") : RequestValue.Missing("input");
        var index = 0;
        foreach (var item in input.EnumerateArray())
            ReadItem(item, $"input[{index++}]", turns);
    }

    /// <summary>Whether an item of this type is what a tool or person answered, not what the model did.</summary>
    public static bool IsOutput(string type) => type.EndsWith("_output", StringComparison.Ordinal) || type == "mcp_approval_response";

    private static void ReadItem(JsonElement item, string path, List<ChatMessage> turns)
    {
        if (item.ValueKind != JsonValueKind.Object)
            throw RequestValue.Wrong(path, "an object");
        var type = item.Text("type"u8) ?? (item.Get("role"u8).Says() ? "message" : throw RequestValue.Missing($"{path}.type"));
        switch (type)
        {
            case "message":
                ReadMessage(item, path, turns);
                break;
            case "function_call":
                Assistant(turns).Parts.Add(new ToolCallPart
                {
                    Id = item.Text("call_id"u8) ?? throw RequestValue.Missing($"{path}.call_id"),
                    Name = item.Text("name"u8) ?? throw RequestValue.Missing($"{path}.name"),
                    Arguments = item.Text("arguments"u8) ?? "",
                    Extras = Extras(item, path, static name => name is "type" or "id" or "status" or "call_id" or "name" or "arguments"),
                });
                break;
            case "function_call_output":
                ReadOutput(item, path, turns);
                break;
            case "reasoning":
                Assistant(turns).Parts.Add(ResponsesReasoning.Read(item));
                break;
            case "item_reference":
                throw new RequestFormatException($"'{path}' refers to an item that the provider of the Responses API keeps. This model is served through another API: send the items themselves.", path);
            default:
                var whole = new OpaquePart(new ExtraMember(Operation.Responses, $"{path} ({type})", type, RawJson.Of(item)));
                if (IsOutput(type))
                    turns.Add(new ChatMessage { Role = ChatRole.User, Parts = [whole] });
                else
                    Assistant(turns).Parts.Add(whole);
                break;
        }
    }

    private static void ReadMessage(JsonElement item, string path, List<ChatMessage> turns)
    {
        var role = item.Text("role"u8) switch
        {
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "system" => ChatRole.System,
            "developer" => ChatRole.Developer,
            null => throw RequestValue.Missing($"{path}.role"),
            _ => throw new RequestFormatException($"'{path}.role' must be one of user, assistant, system and developer.", $"{path}.role"),
        };
        var spoke = turns.Count > 0 && turns[^1].Role == ChatRole.Assistant
            && turns[^1].Parts.Exists(p => p is TextPart or RefusalPart) && !turns[^1].Parts.Exists(p => p is ToolCallPart);
        var turn = role == ChatRole.Assistant && !spoke ? Assistant(turns) : null;
        if (turn is null)
            turns.Add(turn = new ChatMessage { Role = role, Parts = [] });
        ResponsesPartReader.Read(item.Get("content"u8), $"{path}.content", turn.Parts);
        turn.Extras.AddRange(Extras(item, path, static name => name is "type" or "id" or "status" or "role" or "content") ?? []);
    }

    private static void ReadOutput(JsonElement item, string path, List<ChatMessage> turns)
    {
        var content = new List<ContentPart>();
        if (item.Get("output"u8).Says())
            ResponsesPartReader.Read(item.Get("output"u8), $"{path}.output", content);
        turns.Add(new ChatMessage
        {
            Role = ChatRole.Tool,
            Parts =
            [
                new ToolResultPart
                {
                    CallId = item.Text("call_id"u8) ?? throw RequestValue.Missing($"{path}.call_id"),
                    Name = item.Text("name"u8),
                    Content = content,
                    Extras = Extras(item, path, static name => name is "type" or "id" or "status" or "call_id" or "name" or "output"),
                },
            ],
        });
    }

    /// <summary>The assistant's turn that is going on, or a new one.</summary>
    private static ChatMessage Assistant(List<ChatMessage> turns)
    {
        if (turns.Count == 0 || turns[^1].Role != ChatRole.Assistant)
            turns.Add(new ChatMessage { Role = ChatRole.Assistant, Parts = [] });
        return turns[^1];
    }

    private static List<ExtraMember>? Extras(JsonElement item, string path, Func<string, bool> isKnown)
    {
        List<ExtraMember>? extras = null;
        foreach (var member in item.EnumerateObject())
        {
            var name = RequestValue.NameOf(member);
            if (!isKnown(name) && member.Value.Says())
                (extras ??= []).Add(new ExtraMember(Operation.Responses, $"{path}.{name}", name, RawJson.Of(member.Value)));
        }

        return extras;
    }
}
