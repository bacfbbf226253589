using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Writes tools, the choice among them, and the form of the answer.</summary>
internal static class ChatToolWriter
{
    /// <summary>Writes <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
    public static void Write(Utf8JsonWriter json, ChatWriting context)
    {
        var request = context.Request;
        if (request.Tools.Count == 0)
            return;
        if (!context.Takes("tools"))
            return;
        if (request.ToolChoice?.Mode == ToolChoiceMode.None && context.Quirks.NoTools is null)
            return; // no tools at all, which is what the client wants
        var count = WriteTools(json, context);
        if (count == 0)
            return;
        if (request.ToolChoice is { } choice)
            WriteChoice(json, choice, context);
        if (request.ParallelToolCalls is { } parallel && context.Takes("parallel_tool_calls"))
            json.WriteBoolean("parallel_tool_calls"u8, parallel);
    }

    /// <summary>The tools a choice is limited to, where the provider has no words for the limit: it gets no others. Null: all.</summary>
    private static IReadOnlyList<string>? Limit(ChatWriting context) => context.Request.ToolChoice switch
    {
        { Mode: ToolChoiceMode.Named } named => context.Quirks.NamedTool ? null : named.Names,
        { Names.Count: > 0 } some => context.Quirks is { OpenAiRules: true, NamedTool: true } ? null : some.Names,
        _ => null,
    };

    /// <returns>How many were written.</returns>
    private static int WriteTools(Utf8JsonWriter json, ChatWriting context)
    {
        var count = 0;
        var limit = Limit(context);
        for (var i = 0; i < context.Request.Tools.Count; i++)
        {
            var tool = context.Request.Tools[i];
            if (tool.Native is { } native && native.Origin != Operation.ChatCompletions)
            {
                context.Dropped.Add(native.Path);
                continue;
            }

            if (limit?.Contains(tool.Name) == false)
                continue;
            if (count++ == 0)
                json.WriteStartArray("tools"u8);
            if (tool.Native is { } own)
                own.Value.WriteTo(json);
            else
                WriteTool(json, tool, $"tools[{i}]", context);
        }

        if (count > 0)
            json.WriteEndArray();
        return count;
    }

    private static void WriteTool(Utf8JsonWriter json, ToolDefinition tool, string path, ChatWriting context)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteText("name"u8, tool.Name);
        if (tool.Description is { } description)
            json.WriteText("description"u8, description);
        if (!tool.Parameters.IsMissing)
            json.WriteRaw("parameters"u8, Schema(tool.Parameters, context.Quirks));
        if (IsStrict(tool.Strict, tool.Parameters, $"{path}.function.strict", context) is { } strict)
            json.WriteBoolean("strict"u8, strict);
        json.WriteEndObject();
        ChatCache.Write(json, tool.Cache, isPart: false, path, context);
        OpenAiExtras.Write(json, tool.Extras, Operation.ChatCompletions, shares: false, context.Dropped);
        json.WriteEndObject();
    }

    private static RawJson Schema(RawJson schema, ChatQuirks quirks) =>
        quirks.PlainSchemas ? SchemaEdits.Plain(schema) : quirks.OpenSchemas ? SchemaEdits.Open(schema) : schema;

    private static bool? IsStrict(bool? strict, RawJson schema, string path, ChatWriting context)
    {
        if (strict != true || !context.Quirks.StrictSubset || StrictSchema.Accepts(schema))
            return strict;
        context.Dropped.Add(path);
        return false;
    }

    private static void WriteChoice(Utf8JsonWriter json, ToolChoice choice, ChatWriting context)
    {
        var quirks = context.Quirks;
        var tools = context.Request.Tools;
        switch (choice.Mode)
        {
            case ToolChoiceMode.Named when quirks.NamedTool:
                WriteNamed(json, choice.Names.Count > 0 ? choice.Names[0] : "", tools);
                break;
            case ToolChoiceMode.None:
                json.WriteString("tool_choice"u8, quirks.NoTools!);
                break;
            case ToolChoiceMode.Auto or ToolChoiceMode.Required when choice.Names.Count > 0 && Limit(context) is null:
                WriteAllowed(json, choice, tools);
                break;
            case ToolChoiceMode.Auto:
                json.WriteString("tool_choice"u8, "auto"u8);
                break;
            default:
                if (quirks.Required is { } required)
                    json.WriteString("tool_choice"u8, required);
                else
                    context.Dropped.Add("tool_choice");
                break;
        }
    }

    private static bool IsCustom(string name, List<ToolDefinition> tools) =>
        tools.Exists(t => t.Name == name && t.Native is { Origin: Operation.ChatCompletions, Name: "custom" });

    private static void WriteNamed(Utf8JsonWriter json, string name, List<ToolDefinition> tools)
    {
        json.WritePropertyName("tool_choice"u8);
        WriteReference(json, name, tools);
    }

    private static void WriteReference(Utf8JsonWriter json, string name, List<ToolDefinition> tools)
    {
        var kind = IsCustom(name, tools) ? "custom"u8 : "function"u8;
        json.WriteStartObject();
        json.WriteString("type"u8, kind);
        json.WriteStartObject(kind);
        json.WriteText("name"u8, name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAllowed(Utf8JsonWriter json, ToolChoice choice, List<ToolDefinition> tools)
    {
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, "allowed_tools"u8);
        json.WriteStartObject("allowed_tools"u8);
        json.WriteString("mode"u8, choice.Mode == ToolChoiceMode.Required ? "required"u8 : "auto"u8);
        json.WriteStartArray("tools"u8);
        foreach (var name in choice.Names)
            WriteReference(json, name, tools);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes <c>response_format</c>.</summary>
    public static void WriteFormat(Utf8JsonWriter json, ChatWriting context)
    {
        if (context.Request.Format is not { } format)
            return;
        json.WriteStartObject("response_format"u8);
        if (format.Schema.IsMissing && context.Quirks.JsonObject || !context.Quirks.JsonSchema)
        {
            json.WriteString("type"u8, "json_object"u8);
        }
        else
        {
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteStartObject("json_schema"u8);
            json.WriteText("name"u8, format.Name ?? "answer");
            if (format.Description is { } description)
                json.WriteText("description"u8, description);
            json.WriteRaw("schema"u8, format.Schema.IsMissing ? new RawJson("{\"type\":\"object\"}"u8.ToArray()) : Schema(format.Schema, context.Quirks));
            if (IsStrict(format.Strict, format.Schema, "response_format.json_schema.strict", context) is { } strict)
                json.WriteBoolean("strict"u8, strict);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>What the model must be told of the answer's form because the provider can't be, or demands that it is; null when nothing.</summary>
    public static string? Instruction(ChatWriting context)
    {
        if (context.Request.Format is not { } format)
            return null;
        if (!format.Schema.IsMissing && !context.Quirks.JsonSchema)
            return $"Answer with one JSON object that matches this JSON Schema, and nothing else:\n{format.Schema}";
        return format.Schema.IsMissing && context.Quirks.JsonObject && !JsonMode.IsSpokenOf(context.Request) ? JsonMode.Instruction : null;
    }
}
