using System.Text;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Cohere;

/// <summary>Writes what the assistant says, as members of the message: content, tool_plan, tool_calls, citations.</summary>
internal static class CohereAnswerWriter
{
    /// <summary>What is done with reasoning and ids, which differs by direction.</summary>
    internal abstract record Direction;

    /// <summary>To a client, who is to send signatures back.</summary>
    /// <param name="RequestId">What missing ids are made of.</param>
    internal sealed record ToClient(string RequestId) : Direction;

    /// <summary>To Cohere, which wants back plain thoughts only.</summary>
    /// <param name="Turn">Which turn it is, from 0.</param>
    /// <param name="Dropped">Told what is left out.</param>
    internal sealed record ToProvider(int Turn, DroppedMembers Dropped) : Direction;

    /// <summary>The id of a call whose wire gave it none.</summary>
    public static string MissingId(int turn, int index) => $"call_{turn}_{index}";

    /// <returns>Whether tools are called.</returns>
    public static bool Write(Utf8JsonWriter json, List<ContentPart> parts, Direction direction)
    {
        var callsTools = parts.Exists(p => p is ToolCallPart);
        var texts = new List<(TextPart Part, int Block)>();
        WriteContent(json, parts, callsTools, texts, direction);
        if (callsTools)
        {
            WritePlan(json, parts, texts);
            WriteCalls(json, parts, direction);
        }

        WriteCitations(json, texts);
        return callsTools;
    }

    private static void WriteContent(Utf8JsonWriter json, List<ContentPart> parts, bool callsTools, List<(TextPart Part, int Block)> texts, Direction direction)
    {
        if (direction is ToProvider && parts is [TextPart { Extras: null } only])
        {
            json.WriteText("content"u8, only.Text);
            texts.Add((only, 0));
            return;
        }

        var block = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var isSaid = parts[i] switch
            {
                TextPart text => !callsTools && (text.Text.Length > 0 || !text.Citations.IsMissing),
                RefusalPart => !callsTools,
                ReasoningPart reasoning => Tells(reasoning, parts, i, direction),
                OpaquePart opaque => opaque.Whole.Origin == Operation.CohereChat,
                AudioPart { Transcript: not null } => !callsTools,
                _ => false,
            };
            if (!isSaid)
            {
                Report(parts[i], i, direction);
                continue;
            }

            if (block == 0)
                json.WriteStartArray("content"u8);
            if (parts[i] is TextPart said)
                texts.Add((said, block));
            WriteBlock(json, parts[i]);
            block++;
        }

        if (block > 0)
            json.WriteEndArray();
        else if (!callsTools && direction is ToProvider)
            json.WriteString("content"u8, ""u8);
    }

    private static void WriteBlock(Utf8JsonWriter json, ContentPart part)
    {
        if (part is OpaquePart opaque)
        {
            opaque.Whole.Value.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        if (part is ReasoningPart reasoning)
        {
            json.WriteString("type"u8, "thinking"u8);
            json.WriteText("thinking"u8, reasoning.Text);
            if (reasoning.Signature is { } signature)
                json.WriteString("signature"u8, ForeignSignature.Wrap(signature, reasoning.Origin, ReasoningOrigin.Plain));
            if (reasoning.Encrypted is { } encrypted)
                json.WriteString("data"u8, ForeignSignature.Wrap(encrypted, reasoning.Origin, ReasoningOrigin.Plain));
        }
        else
        {
            json.WriteString("type"u8, "text"u8);
            json.WriteText("text"u8, part switch { TextPart text => text.Text, RefusalPart refusal => refusal.Text, AudioPart audio => audio.Transcript!, _ => "" });
        }

        UnknownMembers.WriteOwn(json, part.Extras, Operation.CohereChat);
        json.WriteEndObject();
    }

    /// <summary>Before calls Cohere has no answer but a plan.</summary>
    private static void WritePlan(Utf8JsonWriter json, List<ContentPart> parts, List<(TextPart Part, int Block)> texts)
    {
        var plan = new StringBuilder();
        foreach (var part in parts)
        {
            if (part is RefusalPart refusal)
                plan.Append(refusal.Text);
            if (part is not TextPart text)
                continue;
            plan.Append(text.Text);
            texts.Add((text, CohereCitations.Plan));
        }

        if (plan.Length > 0)
            json.WriteText("tool_plan"u8, plan.ToString());
    }

    private static void WriteCalls(Utf8JsonWriter json, List<ContentPart> parts, Direction direction)
    {
        json.WriteStartArray("tool_calls"u8);
        var index = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not ToolCallPart call)
                continue;
            json.WriteStartObject();
            json.WriteText("id"u8, IdOf(call, index++, direction));
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteText("name"u8, call.Name);
            json.WriteText("arguments"u8, call.Arguments.Length == 0 ? "{}" : call.Arguments);
            json.WriteEndObject();
            if (direction is ToClient && i > 0 && parts[i - 1] is ReasoningPart { Text: "", Encrypted: null, Signature: { } signature } signs)
                json.WriteString("signature"u8, ForeignSignature.Wrap(signature, signs.Origin, ReasoningOrigin.Plain));
            UnknownMembers.WriteOwn(json, call.Extras, Operation.CohereChat);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCitations(Utf8JsonWriter json, List<(TextPart Part, int Block)> texts)
    {
        var isOpen = false;
        foreach (var (part, block) in texts)
        {
            if (part.Citations.IsMissing)
                continue;
            if (!isOpen)
                json.WriteStartArray("citations"u8);
            isOpen = true;
            using var citations = part.Citations.Parse();
            foreach (var citation in citations.RootElement.Each())
                CohereCitations.TryWrite(json, citation, part.Text.Length, block);
        }

        if (isOpen)
            json.WriteEndArray();
    }

    private static bool Tells(ReasoningPart reasoning, List<ContentPart> parts, int i, Direction direction)
    {
        var signsCall = reasoning is { Text: "", Encrypted: null, Signature: not null } && i + 1 < parts.Count && parts[i + 1] is ToolCallPart;
        return direction is ToClient ? !signsCall : reasoning is { Origin: ReasoningOrigin.Plain, Text.Length: > 0 };
    }

    private static void Report(ContentPart part, int i, Direction direction)
    {
        if (direction is not ToProvider(var turn, var dropped))
            return;
        var path = $"messages[{turn}]";
        switch (part)
        {
            case ReasoningPart:
                dropped.Add($"{path}.reasoning");
                break;
            case OpaquePart opaque:
                dropped.Add(opaque.Whole.Path);
                break;
            case ImagePart or DocumentPart or AudioPart or VideoPart:
                dropped.Add($"{path}.content[{i}] ({part.GetType().Name[..^4].ToLowerInvariant()})");
                break;
        }
    }

    private static string IdOf(ToolCallPart call, int index, Direction direction) =>
        call.Id.Length > 0 ? call.Id : direction is ToProvider(var turn, _) ? MissingId(turn, index) : $"call_{((ToClient)direction).RequestId}_{index}";
}
