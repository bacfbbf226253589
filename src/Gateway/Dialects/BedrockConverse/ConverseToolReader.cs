using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Reads <c>toolConfig</c>.</summary>
internal static class ConverseToolReader
{
    /// <summary>Fills in tools and tool choice.</summary>
    /// <exception cref="RequestFormatException">It is not one of this wire.</exception>
    public static void Read(JsonElement config, ChatRequest request)
    {
        if (!config.Says())
            return;
        if (config.ValueKind != JsonValueKind.Object)
            throw new RequestFormatException("'toolConfig' must be an object.", "toolConfig");
        if (config.Get("tools"u8) is { ValueKind: JsonValueKind.Array } tools)
        {
            var count = tools.GetArrayLength();
            for (var i = 0; i < count; i++)
            {
                var cache = i + 1 < count ? ConversePartReader.Mark(tools[i + 1]) : null;
                request.Tools.Add(Tool(tools[i], request, cache, $"toolConfig.tools[{i}]"));
                if (cache is not null)
                    i++;
            }
        }

        request.ToolChoice = Choice(config.Get("toolChoice"u8));
        ConverseExtras.Read(config, "toolConfig.", request.Extras, "tools", "toolChoice");
    }

    private static ToolDefinition Tool(JsonElement tool, ChatRequest request, CacheMark? cache, string path)
    {
        var spec = tool.Get("toolSpec"u8);
        if (spec.ValueKind != JsonValueKind.Object)
        {
            if (tool.ValueKind != JsonValueKind.Object)
                throw new RequestFormatException($"'{path}' must be an object.", path);
            var kind = tool.EnumerateObject().FirstOrDefault(member => member.Value.Says()).Name ?? "";
            var native = new ExtraMember(Operation.Converse, path, kind, RawJson.Of(tool));
            return new ToolDefinition { Name = tool.Get("systemTool"u8).Text("name"u8) ?? kind, Cache = cache, Native = native };
        }

        ConverseExtras.Read(spec, $"toolConfig.tools[{request.Tools.Count}].toolSpec.", request.Extras, "name", "description", "inputSchema", "strict");
        return new ToolDefinition
        {
            Name = spec.Text("name"u8) ?? throw new RequestFormatException($"'{path}.toolSpec.name' must be text.", path + ".toolSpec.name"),
            Description = spec.Text("description"u8),
            Parameters = spec.Get("inputSchema"u8).Raw("json"u8),
            Strict = spec.Flag("strict"u8),
            Cache = cache,
        };
    }

    private static ToolChoice? Choice(JsonElement choice) =>
        choice.Get("tool"u8).Text("name"u8) is { } name ? new ToolChoice(ToolChoiceMode.Named, [name])
        : choice.Get("any"u8).Says() ? new ToolChoice(ToolChoiceMode.Required)
        : choice.Get("auto"u8).Says() ? new ToolChoice(ToolChoiceMode.Auto)
        : null;
}
