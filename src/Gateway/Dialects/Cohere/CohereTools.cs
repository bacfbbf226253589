using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Cohere;

/// <summary>Writes tools and their choice. The choice knows only REQUIRED and NONE; a choice by name leaves the other tools out.</summary>
internal static class CohereTools
{
    private static readonly RawJson NoParameters = new("{\"type\":\"object\",\"properties\":{}}"u8.ToArray());

    /// <returns>How many tools were written.</returns>
    public static int Write(Utf8JsonWriter json, ChatRequest request, DroppedMembers dropped)
    {
        var choice = request.ToolChoice;
        var tools = new List<(ToolDefinition Tool, int Index)>();
        for (var i = 0; i < request.Tools.Count; i++)
        {
            var tool = request.Tools[i];
            if (tool.Native is { } native && native.Origin != Operation.CohereChat)
                dropped.Add(native.Path);
            else if (choice is not { Names.Count: > 0 } || choice.Names.Contains(tool.Name))
                tools.Add((tool, i));
        }

        var strict = StrictOf(tools, dropped);
        if (tools.Count > 0)
        {
            json.WriteStartArray("tools"u8);
            foreach (var (tool, index) in tools)
                WriteTool(json, tool, index, strict == true, dropped);
            json.WriteEndArray();
            if (strict is { } said)
                json.WriteBoolean("strict_tools"u8, said);
        }

        switch (choice?.Mode)
        {
            case ToolChoiceMode.None:
                json.WriteString("tool_choice"u8, "NONE"u8);
                break;
            case ToolChoiceMode.Required or ToolChoiceMode.Named:
                json.WriteString("tool_choice"u8, "REQUIRED"u8);
                break;
        }

        if (request.ParallelToolCalls == false)
            dropped.Add("parallel_tool_calls");
        return tools.Count;
    }

    /// <summary>Strictness is one switch for all tools, and a strict tool must have a required parameter: it is on only where it may be for all.</summary>
    private static bool? StrictOf(List<(ToolDefinition Tool, int Index)> tools, DroppedMembers dropped)
    {
        var anySaid = false;
        var all = tools.Count > 0;
        foreach (var (tool, _) in tools)
        {
            anySaid |= tool.Strict is not null;
            all &= tool.Strict == true && CohereSchema.HasRequired(tool.Parameters);
        }

        if (all)
            return true;
        foreach (var (tool, index) in tools)
        {
            if (tool.Strict == true)
                dropped.Add($"tools[{index}].function.strict");
        }

        return anySaid ? false : null;
    }

    private static void WriteTool(Utf8JsonWriter json, ToolDefinition tool, int index, bool strict, DroppedMembers dropped)
    {
        if (tool.Native is { } native)
        {
            native.Value.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteText("name"u8, tool.Name);
        if (tool.Description is { } description)
            json.WriteText("description"u8, description);
        var parameters = tool.Parameters.IsMissing ? NoParameters : tool.Parameters;
        if (strict && CohereSchema.Fit(parameters, $"tools[{index}].function.parameters", dropped) is { IsMissing: false } fitted)
            parameters = fitted;
        json.WriteRaw("parameters"u8, parameters);
        UnknownMembers.WriteOwn(json, tool.Extras, Operation.CohereChat);
        json.WriteEndObject();
        json.WriteEndObject();
        dropped.AddForeign(tool.Extras ?? [], Operation.CohereChat);
        if (tool.Cache is not null)
            dropped.Add($"tools[{index}].cache_control");
    }
}
