using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Writes tools, the choice among them and the form of the answer, to a provider or back to the client that said them.</summary>
internal static class ResponsesToolWriter
{
    private static readonly RawJson NoParameters = new("{\"type\":\"object\",\"properties\":{}}"u8.ToArray());

    /// <summary>Writes the array of tools; what only other wires have is named.</summary>
    /// <param name="json">Where the value is due.</param>
    /// <param name="tools">The tools.</param>
    /// <param name="dropped">Null when the client is told what it said: schemas are then not judged.</param>
    public static void WriteTools(Utf8JsonWriter json, List<ToolDefinition> tools, DroppedMembers? dropped)
    {
        json.WriteStartArray();
        for (var i = 0; i < tools.Count; i++)
        {
            var tool = tools[i];
            if (tool.Native is not { } native)
                WriteFunction(json, tool, $"tools[{i}]", dropped);
            else if (native.Origin == Operation.Responses)
                native.Value.WriteTo(json);
            else
                dropped?.Add(native.Path);
        }

        json.WriteEndArray();
    }

    private static void WriteFunction(Utf8JsonWriter json, ToolDefinition tool, string path, DroppedMembers? dropped)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteText("name"u8, tool.Name);
        if (tool.Description is { } description)
            json.WriteText("description"u8, description);
        json.WriteRaw("parameters"u8, tool.Parameters.IsMissing ? NoParameters : tool.Parameters);
        var strict = tool.Strict == true;
        if (strict && dropped is not null && !StrictSchema.Accepts(tool.Parameters))
        {
            strict = false;
            dropped.Add($"{path}.strict");
        }

        json.WriteBoolean("strict"u8, strict); // the default here is true
        if (tool.Cache is not null)
            dropped?.Add($"{path}.cache_control");
        OpenAiExtras.Write(json, tool.Extras, Operation.Responses, shares: false, dropped ?? new DroppedMembers());
        json.WriteEndObject();
    }

    /// <summary>Writes the value of <c>tool_choice</c>.</summary>
    public static void WriteChoice(Utf8JsonWriter json, ToolChoice? choice)
    {
        switch (choice)
        {
            case { Mode: ToolChoiceMode.Named, Names: [var name, ..] }:
                json.WriteStartObject();
                json.WriteString("type"u8, "function"u8);
                json.WriteText("name"u8, name);
                json.WriteEndObject();
                break;
            case { Names.Count: > 0 }:
                json.WriteStartObject();
                json.WriteString("type"u8, "allowed_tools"u8);
                json.WriteString("mode"u8, Word(choice.Mode));
                json.WriteStartArray("tools"u8);
                foreach (var name in choice.Names)
                {
                    json.WriteStartObject();
                    json.WriteString("type"u8, "function"u8);
                    json.WriteText("name"u8, name);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(Word(choice?.Mode ?? ToolChoiceMode.Auto));
                break;
        }
    }

    private static ReadOnlySpan<byte> Word(ToolChoiceMode mode) => mode switch
    {
        ToolChoiceMode.None => "none"u8,
        ToolChoiceMode.Auto => "auto"u8,
        _ => "required"u8,
    };

    /// <summary>Writes the value of <c>text.format</c>.</summary>
    public static void WriteFormat(Utf8JsonWriter json, ResponseFormat? format, DroppedMembers? dropped)
    {
        json.WriteStartObject();
        if (format is null)
        {
            json.WriteString("type"u8, "text"u8);
        }
        else if (format.Schema.IsMissing)
        {
            json.WriteString("type"u8, "json_object"u8);
        }
        else
        {
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteText("name"u8, format.Name ?? "answer");
            if (format.Description is { } description)
                json.WriteText("description"u8, description);
            json.WriteRaw("schema"u8, format.Schema);
            if (format.Strict is { } strict)
            {
                if (strict && dropped is not null && !StrictSchema.Accepts(format.Schema))
                {
                    strict = false;
                    dropped.Add("response_format.json_schema.strict");
                }

                json.WriteBoolean("strict"u8, strict);
            }
        }

        json.WriteEndObject();
    }
}
