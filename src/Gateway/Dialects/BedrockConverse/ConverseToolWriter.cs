using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Writes <c>toolConfig</c>.</summary>
internal static class ConverseToolWriter
{
    private static readonly string[] NovaRoots = ["type", "properties", "required"];

    /// <summary>Writes the member, if there are tools.</summary>
    public static void Write(Utf8JsonWriter writer, ChatRequest request, ToolPlan plan, BedrockModel model, DroppedMembers dropped)
    {
        if (!plan.HasTools)
            return;
        writer.WriteStartObject("toolConfig"u8);
        writer.WriteStartArray("tools"u8);
        foreach (var tool in plan.Tools)
            WriteTool(writer, request, tool, model, dropped);
        if (plan.AnswersByTool)
            WriteReserved(writer, request.Format!, model, dropped);
        writer.WriteEndArray();
        if (!plan.InVendorWords)
            WriteChoice(writer, plan);
        ConverseExtras.Write(writer, request.Extras, "toolConfig.");
        writer.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter writer, ChatRequest request, ToolDefinition tool, BedrockModel model, DroppedMembers dropped)
    {
        var index = request.Tools.IndexOf(tool);
        if (tool.Native is { } native)
        {
            native.Value.WriteTo(writer);
        }
        else
        {
            var strict = model.TakesTextFormat ? tool.Strict : null;
            if (tool.Strict == true && strict is null)
                dropped.Add($"tools[{index}].function.strict");
            var schema = strict == true ? ConverseSchema.Fit(tool.Parameters, $"tools[{index}].function.parameters", dropped) : tool.Parameters;
            writer.WriteStartObject();
            writer.WriteStartObject("toolSpec"u8);
            writer.WriteText("name"u8, tool.Name);
            if (!string.IsNullOrEmpty(tool.Description))
                writer.WriteText("description"u8, tool.Description); // an empty one is refused
            WriteSchema(writer, schema, model, $"tools[{index}].function.parameters", dropped);
            if (strict is { } said)
                writer.WriteBoolean("strict"u8, said);
            ConverseExtras.Write(writer, request.Extras, $"toolConfig.tools[{index}].toolSpec.");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        if (tool.Cache is { } cache && model.Family == BedrockFamily.Anthropic)
            ConverseBlocks.CachePoint(writer, cache.Ttl);
        else if (tool.Cache is not null)
            dropped.Add($"tools[{index}].cache_control");
    }

    private static void WriteReserved(Utf8JsonWriter writer, ResponseFormat format, BedrockModel model, DroppedMembers dropped)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolSpec"u8);
        writer.WriteString("name"u8, ReservedTool.Name);
        writer.WriteText("description"u8, string.IsNullOrEmpty(format.Description) ? ReservedTool.Description : format.Description);
        WriteSchema(writer, format.Schema, model, "response_format.json_schema.schema", dropped);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteSchema(Utf8JsonWriter writer, RawJson schema, BedrockModel model, string path, DroppedMembers dropped)
    {
        writer.WriteStartObject("inputSchema"u8);
        writer.WritePropertyName("json"u8);
        if (schema.IsMissing)
            writer.WriteRawValue("""{"type":"object","properties":{}}"""u8, skipInputValidation: true);
        else
            WriteRoot(writer, schema, model, path, dropped);
        writer.WriteEndObject();
    }

    /// <summary>A schema's root must say that it is an object; Nova takes only three members there.</summary>
    private static void WriteRoot(Utf8JsonWriter writer, RawJson schema, BedrockModel model, string path, DroppedMembers dropped)
    {
        using var document = schema.Parse();
        var root = document.RootElement;
        var isNova = model.Family == BedrockFamily.Nova;
        if (root.ValueKind != JsonValueKind.Object || (root.Get("type"u8).Says() && !isNova))
        {
            schema.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        if (!root.Get("type"u8).Says())
            writer.WriteString("type"u8, "object"u8);
        foreach (var member in root.EnumerateObject())
        {
            if (isNova && !NovaRoots.Contains(member.Name))
            {
                dropped.Add($"{path}.{member.Name}");
                continue;
            }

            writer.WritePropertyName(member.Name);
            RawJson.Of(member.Value).WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, ToolPlan plan)
    {
        if (plan.Mode is not { } mode)
            return;
        writer.WriteStartObject("toolChoice"u8);
        writer.WriteStartObject(mode switch
        {
            ToolChoiceMode.Required => "any"u8,
            ToolChoiceMode.Named => "tool"u8,
            _ => "auto"u8,
        });
        if (mode == ToolChoiceMode.Named)
            writer.WriteText("name"u8, plan.Named!);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
