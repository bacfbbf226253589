using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>Reads the tools of a request and how they are to be used.</summary>
internal static class ToolReader
{
    private static readonly string[] Members = ["type", "name", "description", "input_schema", "strict", "cache_control"];

    /// <summary>Reads <c>tools</c> and <c>tool_choice</c>.</summary>
    public static void Read(JsonElement root, ChatRequest request)
    {
        var tools = root.Get("tools"u8);
        if (AnthropicValue.IsArray(tools, "tools"))
        {
            foreach (var tool in tools.EnumerateArray())
                request.Tools.Add(ReadTool(tool, $"tools[{request.Tools.Count}]"));
        }

        var choice = root.Get("tool_choice"u8);
        if (!AnthropicValue.IsObject(choice, "tool_choice"))
            return;
        request.ToolChoice = choice.Text("type"u8) switch
        {
            "auto" => new ToolChoice(ToolChoiceMode.Auto),
            "any" => new ToolChoice(ToolChoiceMode.Required),
            "none" => new ToolChoice(ToolChoiceMode.None),
            "tool" => new ToolChoice(ToolChoiceMode.Named, [AnthropicValue.Needed(choice, "name"u8, "tool_choice.name")]),
            _ => throw AnthropicValue.Wrong("tool_choice.type", "'auto', 'any', 'tool' or 'none'"),
        };
        if (AnthropicValue.Flag(choice, "disable_parallel_tool_use"u8, "tool_choice.disable_parallel_tool_use") is { } single)
            request.ParallelToolCalls = !single;
    }

    private static ToolDefinition ReadTool(JsonElement tool, string path)
    {
        if (tool.ValueKind != JsonValueKind.Object)
            throw AnthropicValue.Wrong(path, "an object");
        var type = AnthropicValue.Text(tool, "type"u8, $"{path}.type");
        if (type is not (null or "custom"))
        {
            return new ToolDefinition
            {
                Name = tool.Text("name"u8) ?? type,
                Native = new ExtraMember(Operation.Messages, $"{path} ({type})", type, RawJson.Of(tool)),
                Cache = BlockReader.Mark(tool),
            };
        }

        var schema = tool.Get("input_schema"u8);
        if (!AnthropicValue.IsObject(schema, $"{path}.input_schema"))
            throw new RequestFormatException($"{path}.input_schema: Field required", $"{path}.input_schema");
        List<ExtraMember>? extras = null;
        AnthropicExtras.Read(tool, path, Members, ref extras);
        return new ToolDefinition
        {
            Name = AnthropicValue.Needed(tool, "name"u8, $"{path}.name"),
            Description = AnthropicValue.Text(tool, "description"u8, $"{path}.description"),
            Parameters = RawJson.Of(schema),
            Strict = AnthropicValue.Flag(tool, "strict"u8, $"{path}.strict"),
            Cache = BlockReader.Mark(tool),
            Extras = extras,
        };
    }
}
