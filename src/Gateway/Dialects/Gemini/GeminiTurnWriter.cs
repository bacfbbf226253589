using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Gemini;

/// <summary>
/// Writes <c>systemInstruction</c> and <c>contents</c>. System turns are hoisted, each text a part of its own; neighbouring turns of the model
/// become one, and so do the results that answer it, in the order of its calls.
/// </summary>
internal sealed class GeminiTurnWriter(Utf8JsonWriter writer, ChatRequest request, GeminiTraits traits, DroppedMembers dropped)
{
    private readonly GeminiPartWriter _parts = new(writer, traits, dropped);
    private readonly Dictionary<string, string> _functions = new(StringComparer.Ordinal);
    private readonly List<string> _calls = [];

    public void Write()
    {
        var system = SystemTexts();
        if (system.Count > 0 && !traits.IsGemma)
        {
            writer.WriteStartObject("systemInstruction"u8);
            WriteTexts(system);
            writer.WriteEndObject();
            system.Clear();
        }

        writer.WriteStartArray("contents"u8);
        var at = 0;
        // The conversation must begin with the user.
        if (FirstSpeaker() != ChatRole.User)
            WriteOpening(system);
        while (at < request.Messages.Count)
        {
            at = request.Messages[at].Role switch
            {
                ChatRole.Assistant => WriteModel(at),
                ChatRole.Tool => WriteResults(at),
                ChatRole.User => WriteUser(at, system),
                _ => at + 1,
            };
        }

        writer.WriteEndArray();
    }

    private ChatRole? FirstSpeaker()
    {
        foreach (var message in request.Messages)
        {
            if (message.Role is not (ChatRole.System or ChatRole.Developer))
                return message.Role;
        }

        return null;
    }

    private List<string> SystemTexts()
    {
        var texts = new List<string>();
        for (var i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            if (message.Role is not (ChatRole.System or ChatRole.Developer))
                continue;
            Note(i);
            for (var j = 0; j < message.Parts.Count; j++)
            {
                if (message.Parts[j] is TextPart text)
                {
                    _parts.Note(text);
                    if (text.Text.Length > 0)
                        texts.Add(text.Text);
                }
                else
                {
                    dropped.Add($"messages[{i}].content[{j}]");
                }
            }
        }

        return texts;
    }

    private void WriteTexts(List<string> texts)
    {
        writer.WriteStartArray("parts"u8);
        foreach (var text in texts)
        {
            writer.WriteStartObject();
            writer.WriteText("text"u8, text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteOpening(List<string> system)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, "user"u8);
        WriteTexts(system.Count > 0 ? system : [" "]);
        writer.WriteEndObject();
        system.Clear();
    }

    private int WriteUser(int at, List<string> system)
    {
        Note(at);
        var message = request.Messages[at];
        writer.WriteStartObject();
        writer.WriteString("role"u8, "user"u8);
        writer.WriteStartArray("parts"u8);
        // Gemma knows no system instruction: it stands before the first words of the user.
        foreach (var text in system)
            _parts.WriteText(text, null, null);
        var isEmpty = system.Count == 0;
        system.Clear();
        for (var j = 0; j < message.Parts.Count; j++)
        {
            if (message.Parts[j] is not TextPart { Text.Length: 0 })
                isEmpty &= !_parts.Write(message.Parts[j], $"messages[{at}].content[{j}]", null);
        }

        if (isEmpty)
            _parts.WriteText("", null, null);
        writer.WriteEndArray();
        UnknownMembers.WriteOwn(writer, message.Extras, Operation.GenerateContent);
        writer.WriteEndObject();
        return at + 1;
    }

    private int WriteModel(int from)
    {
        var to = EndOf(from, ChatRole.Assistant);
        var parts = new List<ContentPart>();
        _calls.Clear();
        for (var i = from; i < to; i++)
        {
            Note(i);
            if (request.Messages[i].Role == ChatRole.Assistant)
                Gather(i, parts);
        }

        var signatures = GeminiSignatures.Place(parts);
        var isOpen = false;
        for (var j = 0; j < parts.Count; j++)
        {
            if (!IsSaid(parts[j], signatures[j]))
                continue;
            if (!isOpen)
            {
                writer.WriteStartObject();
                writer.WriteString("role"u8, "model"u8);
                writer.WriteStartArray("parts"u8);
                isOpen = true;
            }

            if (parts[j] is ToolCallPart call)
                WriteCall(call, signatures[j], $"messages[{from}].tool_calls[{_calls.Count}]");
            else
                _parts.Write(parts[j], $"messages[{from}].content[{j}]", signatures[j]);
        }

        if (!isOpen)
            return to;
        writer.WriteEndArray();
        for (var i = from; i < to; i++)
            UnknownMembers.WriteOwn(writer, request.Messages[i].Extras, Operation.GenerateContent);
        writer.WriteEndObject();
        return to;
    }

    /// <summary>Takes from a turn of the model what can be said to this one.</summary>
    private void Gather(int at, List<ContentPart> parts)
    {
        for (var j = 0; j < request.Messages[at].Parts.Count; j++)
        {
            var part = request.Messages[at].Parts[j];
            switch (part)
            {
                case ReasoningPart reasoning when !traits.TakesSignatures || reasoning.Origin != ReasoningOrigin.Gemini:
                    dropped.Add($"messages[{at}].reasoning");
                    break;
                case OpaquePart opaque when opaque.Whole.Origin != Operation.GenerateContent:
                    dropped.Add(opaque.Whole.Path);
                    break;
                case AudioPart { Source: { Data: null, Url: null }, Transcript: null or "" }:
                    dropped.Add($"messages[{at}].content[{j}] (audio)");
                    break;
                default:
                    parts.Add(part);
                    break;
            }
        }
    }

    private static bool IsSaid(ContentPart part, string? signature) => part switch
    {
        TextPart text => text.Text.Length > 0 || signature is not null,
        ReasoningPart reasoning => reasoning.Text.Length > 0 || signature is not null,
        _ => true,
    };

    private void WriteCall(ToolCallPart call, string? signature, string path)
    {
        // A newer model refuses a history whose calls it can't check; of several calls at once it signs only the first.
        if (_calls.Count == 0 && traits.NeedsSignatures)
            signature ??= GeminiSignatures.Skip;
        var id = call.Id.Length > 0 ? call.Id : CallIds.Make($"call {_functions.Count}", _calls.Count, call.Name);
        _calls.Add(id);
        _functions[id] = call.Name;
        _parts.WriteCall(call, id, signature, path);
    }

    private int WriteResults(int from)
    {
        var to = EndOf(from, ChatRole.Tool);
        var results = new List<(ToolResultPart Result, int Order, string Path)>();
        for (var i = from; i < to; i++)
        {
            Note(i);
            foreach (var result in request.Messages[i].Parts.OfType<ToolResultPart>())
            {
                var order = result.CallId.Length > 0 ? _calls.IndexOf(result.CallId) : results.Count;
                results.Add((result, order < 0 ? int.MaxValue : order, $"messages[{i}]"));
            }
        }

        if (results.Count == 0)
            return to;
        var ordered = results.OrderBy(result => result.Order).ToList();
        writer.WriteStartObject();
        writer.WriteString("role"u8, "user"u8);
        writer.WriteStartArray("parts"u8);
        foreach (var (result, order, path) in ordered)
            _parts.WriteResult(result, IdOf(result, order), NameOf(result, order, path), path);
        foreach (var (result, _, path) in ordered)
            _parts.WriteResultMedia(result, path);
        writer.WriteEndArray();
        writer.WriteEndObject();
        return to;
    }

    private string IdOf(ToolResultPart result, int order) =>
        result.CallId.Length > 0 || order >= _calls.Count ? result.CallId : _calls[order];

    private string NameOf(ToolResultPart result, int order, string path) =>
        _functions.TryGetValue(IdOf(result, order), out var name) ? name
        : result.Name ?? throw new RequestFormatException($"{path} answers the call '{result.CallId}', which no turn before it makes.", path);

    private int EndOf(int from, ChatRole role)
    {
        var to = from + 1;
        // System turns are hoisted: they part nothing.
        while (to < request.Messages.Count && (request.Messages[to].Role == role || request.Messages[to].Role is ChatRole.System or ChatRole.Developer))
            to++;
        return to;
    }

    /// <summary>Names what of a turn has no place.</summary>
    private void Note(int at)
    {
        var message = request.Messages[at];
        if (message.Name is not null)
            dropped.Add($"messages[{at}].name");
        dropped.AddForeign(message.Extras, Operation.GenerateContent);
    }
}
