using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>
/// Gathers the tool calls of one choice of a stream. OpenAI says id and name once per index; others repeat them, leave the index out, give
/// every call the index 0 or every fragment a new id: fragments are put together by id first, then by index.
/// </summary>
internal sealed class ChatToolCallDecoder(int choice)
{
    private readonly List<ChatToolCallState> _calls = [];
    private HashSet<string>? _signed;
    private int _started;

    /// <summary>Whether there was any call.</summary>
    public bool Any => _calls.Count > 0;

    /// <summary>Reads <c>delta.tool_calls</c>.</summary>
    public void Read(JsonElement fragments, List<ChatEvent> events)
    {
        if (fragments.ValueKind != JsonValueKind.Array)
            return;
        foreach (var fragment in fragments.EnumerateArray())
        {
            if (fragment.ValueKind != JsonValueKind.Object)
                continue;
            var function = fragment.Get("function"u8);
            if (!function.Says())
                function = fragment.Get("custom"u8);
            var arguments = function.Get("arguments"u8) is { } given && given.Says() ? given : function.Get("input"u8);
            Add(NonEmpty(fragment.Text("id"u8)), fragment.Integer("index"u8), function, ChatAssistantReader.Arguments(arguments), Signature(fragment), events);
        }
    }

    /// <summary>Reads the legacy <c>delta.function_call</c>.</summary>
    public void ReadLegacy(JsonElement function, List<ChatEvent> events)
    {
        if (function.ValueKind == JsonValueKind.Object)
            Add(null, 0, function, ChatAssistantReader.Arguments(function.Get("arguments"u8)), null, events);
    }

    /// <summary>Google's signature of a call came before the call; the copy on the call itself is not told again.</summary>
    public void NoteSigned(string call) => (_signed ??= []).Add(call);

    /// <summary>No more will come.</summary>
    public void End(List<ChatEvent> events)
    {
        foreach (var call in _calls)
        {
            if (call.Number < 0)
                Start(call, events);
            EndCall(call, events);
        }
    }

    private void Add(string? id, long? index, JsonElement function, string arguments, string? signature, List<ChatEvent> events)
    {
        var name = NonEmpty(function.Text("name"u8));
        var call = Find(id, index, name, arguments);
        if (call is null)
        {
            foreach (var earlier in _calls)
            {
                // What is complete can't grow any more, so wires with one block after another need not wait for the finish.
                if (earlier is { Number: >= 0, IsComplete: true })
                    EndCall(earlier, events);
            }

            _calls.Add(call = new ChatToolCallState { SourceIndex = index });
        }

        if (call.Number < 0)
        {
            call.Id ??= id;
            call.Name ??= name;
        }

        call.Signature ??= signature;
        if (arguments.Length > 0)
            call.Feed(arguments);
        if (call.Number < 0 && call.Name is not null)
            Start(call, events);
        if (arguments.Length == 0 || call.Ended)
            return;
        if (call.Number < 0)
            (call.Early ??= new()).Append(arguments);
        else
            events.Add(new ChatEvent(ChatEventKind.ToolCallArguments) { Choice = choice, Index = call.Number, Text = arguments });
    }

    private ChatToolCallState? Find(string? id, long? index, string? name, string arguments)
    {
        if (_calls.Count == 0)
            return null;
        if (id is not null && _calls.FindLast(c => c.Id == id) is { } same)
            return same;
        var there = index is null ? _calls[^1] : _calls.FindLast(c => c.SourceIndex == index);
        if (there is null || name is null)
            return there;
        if (id is not null)
            return there is { Id: null, Name: null } ? there : null; // a new id with a name is a new call
        return there.Name is not null && (there.Name != name || (there.IsComplete && arguments.Length > 0)) ? null : there;
    }

    private void Start(ChatToolCallState call, List<ChatEvent> events)
    {
        call.Number = _started++;
        if (call.Signature is { } signature && (call.Id is null || _signed?.Contains(call.Id) != true))
        {
            // Closes thoughts without a signature of their own, or they would be taken for what is signed.
            events.Add(new ChatEvent(ChatEventKind.PartEnd) { Choice = choice });
            events.Add(new ChatEvent(ChatEventKind.ReasoningSignature) { Choice = choice, Text = signature, Origin = ReasoningOrigin.Gemini });
        }

        events.Add(new ChatEvent(ChatEventKind.ToolCallStart) { Choice = choice, Index = call.Number, Id = call.Id, Name = call.Name ?? "" });
        if (call.Early is { } early)
            events.Add(new ChatEvent(ChatEventKind.ToolCallArguments) { Choice = choice, Index = call.Number, Text = early.ToString() });
    }

    private void EndCall(ChatToolCallState call, List<ChatEvent> events)
    {
        if (call.Ended)
            return;
        call.Ended = true;
        events.Add(new ChatEvent(ChatEventKind.ToolCallEnd) { Choice = choice, Index = call.Number });
    }

    private static string? Signature(JsonElement fragment) =>
        NonEmpty(fragment.Get("extra_content"u8).Get("google"u8).Text("thought_signature"u8));

    private static string? NonEmpty(string? text) => text is { Length: > 0 } ? text : null;
}
