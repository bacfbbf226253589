using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Writes the turns as items. One instance per request.</summary>
internal sealed class ResponsesInputWriter(ChatRequest request, TargetTraits target, DroppedMembers dropped)
{
    private readonly ToolIds _ids = new(64);

    /// <summary>The text that goes to <c>instructions</c>, because it came from there, or null.</summary>
    public string? Instructions =>
        request.Messages.Count > 0 && request.Messages[0] is { Parts: [TextPart text] } first
        && OpenAiExtras.HasNote(first.Extras, Operation.Responses, ResponsesRequestReader.InstructionsNote) ? text.Text : null;

    /// <summary>Writes the array.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        for (var i = Instructions is null ? 0 : 1; i < request.Messages.Count; i++)
            WriteTurn(json, request.Messages[i], $"messages[{i}]");
        if (request.Format is { Schema.IsMissing: true } && !JsonMode.IsSpokenOf(request))
        {
            json.WriteStartObject();
            json.WriteString("role"u8, "developer"u8);
            json.WriteString("content"u8, JsonMode.Instruction);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteTurn(Utf8JsonWriter json, ChatMessage turn, string path)
    {
        if (turn.Name is not null)
            dropped.Add($"{path}.name");
        switch (turn.Role)
        {
            case ChatRole.Assistant:
                WriteAssistant(json, turn, path);
                break;
            case ChatRole.Tool:
                WriteResults(json, turn, path);
                break;
            default:
                WriteInput(json, turn, path);
                break;
        }
    }

    private void WriteInput(Utf8JsonWriter json, ChatMessage turn, string path)
    {
        if (turn.Parts is [OpaquePart { Whole: { Origin: Operation.Responses } whole }] && ResponsesInputReader.IsOutput(whole.Name))
        {
            whole.Value.WriteTo(json); // an item, not a part
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, turn.Role switch { ChatRole.System => "system"u8, ChatRole.Developer => "developer"u8, _ => "user"u8 });
        json.WritePropertyName("content"u8);
        WriteContent(json, turn.Parts, $"{path}.content");
        OpenAiExtras.Write(json, turn.Extras, Operation.Responses, shares: false, dropped);
        json.WriteEndObject();
    }

    private void WriteContent(Utf8JsonWriter json, List<ContentPart> parts, string path)
    {
        if (parts is [TextPart { Cache: null, Extras: null } single])
        {
            json.WriteTextValue(single.Text);
            return;
        }

        json.WriteStartArray();
        for (var i = 0; i < parts.Count; i++)
            ResponsesPartWriter.WriteInput(json, parts[i], $"{path}[{i}]", target, dropped);
        json.WriteEndArray();
    }

    private void WriteAssistant(Utf8JsonWriter json, ChatMessage turn, string path)
    {
        var extras = turn.Extras;
        for (var i = 0; i < turn.Parts.Count; i++)
        {
            switch (turn.Parts[i])
            {
                case TextPart { Text.Length: 0 }:
                    break; // a message that says nothing
                case TextPart or RefusalPart:
                    json.WriteStartObject();
                    json.WriteString("type"u8, "message"u8);
                    json.WriteString("role"u8, "assistant"u8);
                    json.WriteStartArray("content"u8);
                    for (; i < turn.Parts.Count && ResponsesPartWriter.IsSpoken(turn.Parts[i]); i++)
                        ResponsesPartWriter.WriteOutput(json, turn.Parts[i], $"{path}.content[{i}]", dropped);
                    i--;
                    json.WriteEndArray();
                    OpenAiExtras.Write(json, extras, Operation.Responses, shares: false, dropped);
                    extras = [];
                    json.WriteEndObject();
                    break;
                case ToolCallPart call:
                    WriteCall(json, call, path);
                    break;
                case ReasoningPart { Origin: ReasoningOrigin.OpenAi, Encrypted: not null } own when target.Vendor == ReasoningOrigin.OpenAi:
                    ResponsesReasoning.Write(json, own);
                    break;
                case ReasoningPart:
                    dropped.Add($"{path}.reasoning");
                    break;
                case OpaquePart { Whole: { Origin: Operation.Responses } whole }:
                    whole.Value.WriteTo(json);
                    break;
                case OpaquePart { Whole: var foreign }:
                    dropped.Add(foreign.Path);
                    break;
                default:
                    dropped.Add($"{path}.content[{i}]");
                    break;
            }
        }

        dropped.AddForeign(extras, Operation.Responses);
    }

    private void WriteCall(Utf8JsonWriter json, ToolCallPart call, string path)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function_call"u8);
        json.WriteText("call_id"u8, _ids.Call(call));
        json.WriteText("name"u8, call.Name);
        json.WriteText("arguments"u8, call.Arguments.Length == 0 ? "{}" : call.Arguments);
        OpenAiExtras.Write(json, call.Extras, Operation.Responses, shares: false, dropped);
        json.WriteEndObject();
        if (call.Cache is not null)
            dropped.Add($"{path}.tool_calls.cache_control");
    }

    private void WriteResults(Utf8JsonWriter json, ChatMessage turn, string path)
    {
        foreach (var part in turn.Parts)
        {
            if (part is not ToolResultPart result)
            {
                dropped.Add(path);
                continue;
            }

            json.WriteStartObject();
            json.WriteString("type"u8, "function_call_output"u8);
            json.WriteText("call_id"u8, _ids.Result(result));
            json.WritePropertyName("output"u8);
            if (result.Content.Count == 0)
                json.WriteStringValue(""u8);
            else
                WriteContent(json, result.Content, $"{path}.content");
            OpenAiExtras.Write(json, result.Extras, Operation.Responses, shares: false, dropped);
            json.WriteEndObject();
            if (result.IsError)
                dropped.Add($"{path} (is_error)");
            if (result.Cache is not null)
                dropped.Add($"{path}.cache_control");
        }

        dropped.AddForeign(turn.Extras, Operation.Responses);
    }
}
