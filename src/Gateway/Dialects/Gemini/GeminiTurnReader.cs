using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Gemini;

/// <summary>
/// Reads <c>contents</c>. Neighbouring contents of the model are one turn: a client that keeps a stream's history has one for every chunk,
/// and a thought and its signature would otherwise fall apart.
/// </summary>
internal sealed class GeminiTurnReader(List<ChatMessage> messages)
{
    private readonly List<ToolCallPart> _open = [];
    private GeminiPartReader? _model;
    private int _turns;

    /// <summary>Reads one content.</summary>
    public void Read(JsonElement content, string path)
    {
        if (content.ValueKind != JsonValueKind.Object)
            throw new RequestFormatException($"{path} must be an object.", path);
        switch (content.TextOf("role"u8))
        {
            case "model":
                ReadModel(content, path);
                break;
            case null or "" or "user" or "function" or "tool":
                ReadUser(content, path);
                break;
            case "system":
                Add(ChatRole.System, content, path);
                break;
            default:
                throw new RequestFormatException($"{path}.role must be 'user' or 'model'.", $"{path}.role");
        }
    }

    /// <summary>Reads the system instruction: a content, or by leniency its text.</summary>
    public void ReadSystem(JsonElement instruction)
    {
        if (instruction.Text() is { } text)
            messages.Add(new ChatMessage { Role = ChatRole.System, Parts = [new TextPart(text)] });
        else if (instruction.ValueKind == JsonValueKind.Object)
            Add(ChatRole.System, instruction, "systemInstruction");
    }

    private void ReadModel(JsonElement content, string path)
    {
        if (_model is null)
        {
            _model = new GeminiPartReader($"turn {_turns++}");
            _open.Clear();
            messages.Add(new ChatMessage { Role = ChatRole.Assistant, Parts = [] });
        }

        var parts = messages[^1].Parts;
        var before = parts.Count;
        ReadParts(content, path, parts, _model);
        // With an empty text a stream ends: beside other parts it says nothing.
        for (var i = parts.Count - 1; i >= before && parts.Count > 1; i--)
        {
            if (parts[i] is TextPart { Text.Length: 0, Extras: null })
                parts.RemoveAt(i);
        }

        if (before > 0 && before < parts.Count && parts[before - 1] is TextPart { Extras: null } left && parts[before] is TextPart { Extras: null } right)
        {
            parts[before - 1] = new TextPart(left.Text + right.Text);
            parts.RemoveAt(before);
        }

        _open.AddRange(parts.Skip(before).OfType<ToolCallPart>());
        AddExtras(content, path);
    }

    private void ReadUser(JsonElement content, string path)
    {
        _model = null;
        var reader = new GeminiPartReader($"user turn {_turns}");
        ChatMessage? message = null;
        var at = 0;
        foreach (var part in content.Get("parts"u8).Items())
        {
            var partPath = $"{path}.parts[{at++}]";
            var response = part.Member("functionResponse"u8);
            var role = response.ValueKind == JsonValueKind.Object ? ChatRole.Tool : ChatRole.User;
            if (message?.Role != role)
                messages.Add(message = new ChatMessage { Role = role, Parts = [] });
            if (role == ChatRole.Tool)
                message.Parts.Add(ReadResponse(response, partPath));
            else
                reader.Read(Checked(part, partPath), partPath, message.Parts);
        }

        if (message is null)
            messages.Add(new ChatMessage { Role = ChatRole.User, Parts = [] });
        AddExtras(content, path);
    }

    private ToolResultPart ReadResponse(JsonElement response, string path)
    {
        var name = response.TextOf("name"u8);
        var id = response.TextOf("id"u8);
        // Without ids results answer the calls of their function in the order in which these were made.
        var call = id is { Length: > 0 } ? _open.Find(open => open.Id == id) : _open.Find(open => open.Name == name) ?? _open.FirstOrDefault();
        if (call is not null)
            _open.Remove(call);
        return GeminiFunctionResponse.Read(response, path, id is { Length: > 0 } ? id : call?.Id ?? CallIds.Make("unasked", _turns, name ?? ""), name ?? call?.Name);
    }

    private void Add(ChatRole role, JsonElement content, string path)
    {
        _model = null;
        var message = new ChatMessage { Role = role, Parts = [] };
        messages.Add(message);
        ReadParts(content, path, message.Parts, new GeminiPartReader(path));
        AddExtras(content, path);
    }

    private static void ReadParts(JsonElement content, string path, List<ContentPart> into, GeminiPartReader reader)
    {
        var at = 0;
        foreach (var part in content.Get("parts"u8).Items())
        {
            var partPath = $"{path}.parts[{at++}]";
            reader.Read(Checked(part, partPath), partPath, into);
        }
    }

    private static JsonElement Checked(JsonElement part, string path) => part.ValueKind == JsonValueKind.Object
        ? part
        : throw new RequestFormatException($"{path} must be an object.", path);

    private void AddExtras(JsonElement content, string path)
    {
        foreach (var member in content.EnumerateObject())
        {
            if (member.Value.Says() && member.Name is not ("role" or "parts"))
                messages[^1].Extras.Add(GeminiJson.Extra(path, member));
        }
    }
}
