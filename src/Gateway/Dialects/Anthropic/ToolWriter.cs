using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>Writes the tools of a request and how they are to be used.</summary>
/// <param name="json">Where to.</param>
/// <param name="marks">The prompt-cache marks.</param>
/// <param name="model">What the model takes.</param>
/// <param name="dropped">Told of what can't be said.</param>
internal sealed class ToolWriter(Utf8JsonWriter json, CacheMarks marks, AnthropicModel model, DroppedMembers dropped)
{
    /// <summary>Writes <c>tools</c> and <c>tool_choice</c>.</summary>
    public void Write(ChatRequest request, ThinkingPlan thinking, FormatPlan format)
    {
        var limitedTo = request.ToolChoice is { Mode: not ToolChoiceMode.Named, Names.Count: > 0 } choice ? choice.Names : null;
        var any = false;
        for (var i = 0; i < request.Tools.Count; i++)
        {
            var tool = request.Tools[i];
            if ((limitedTo is not null && !limitedTo.Contains(tool.Name)) || !CanSay(tool))
                continue;
            Open(ref any);
            WriteTool(tool, i);
        }

        var hasOwn = any;
        if (!format.AnswerTool.IsMissing)
        {
            Open(ref any);
            WriteAnswerTool(request.Format!, format.AnswerTool);
        }

        if (any)
            json.WriteEndArray();
        WriteChoice(request, thinking, hasOwn, hasAnswerTool: !format.AnswerTool.IsMissing);
    }

    private void Open(ref bool any)
    {
        if (!any)
            json.WriteStartArray("tools"u8);
        any = true;
    }

    private bool CanSay(ToolDefinition tool)
    {
        if (tool.Native is not { } native || native.Origin == Operation.Messages)
            return true;
        dropped.Add(native.Path);
        return false;
    }

    private void WriteTool(ToolDefinition tool, int index)
    {
        if (tool.Native is { } native)
        {
            native.Value.WriteTo(json);
            marks.Pass(tool.Cache);
            return;
        }

        var strict = default(RawJson?);
        if (tool.Strict == true)
        {
            strict = model.HasFormat && !tool.Parameters.IsMissing ? SchemaSubset.Restrict(tool.Parameters, $"tools[{index}].function.parameters", dropped) : null;
            if (strict is null)
                dropped.Add($"tools[{index}].function.strict");
        }

        json.WriteStartObject();
        json.WriteText("name"u8, tool.Name);
        if (tool.Description is not null)
            json.WriteText("description"u8, tool.Description);
        json.WritePropertyName("input_schema"u8);
        WriteSchema(strict ?? tool.Parameters);
        if (strict is not null)
            json.WriteBoolean("strict"u8, true);
        AnthropicExtras.Write(json, tool.Extras, dropped);
        marks.Write(json, tool.Cache);
        json.WriteEndObject();
    }

    private void WriteAnswerTool(ResponseFormat format, RawJson schema)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, ReservedTool.Name);
        json.WriteText("description"u8, format.Description ?? ReservedTool.Description);
        json.WritePropertyName("input_schema"u8);
        WriteSchema(schema);
        json.WriteEndObject();
    }

    /// <summary>Writes a schema; its root must say that it is an object.</summary>
    private void WriteSchema(RawJson schema)
    {
        if (schema.IsMissing)
        {
            json.WriteRawValue("""{"type":"object","properties":{}}"""u8, skipInputValidation: true);
            return;
        }

        using var document = schema.Parse();
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || root.Get("type"u8).Says())
        {
            schema.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "object"u8);
        foreach (var member in root.EnumerateObject())
        {
            if (!member.NameEquals("type"u8))
                member.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private void WriteChoice(ChatRequest request, ThinkingPlan thinking, bool hasOwn, bool hasAnswerTool)
    {
        var mode = request.ToolChoice?.Mode;
        if (!hasOwn && !hasAnswerTool)
        {
            if (mode is ToolChoiceMode.Required or ToolChoiceMode.Named)
                dropped.Add("tool_choice");
            return;
        }

        var name = mode == ToolChoiceMode.Named ? request.ToolChoice!.Names[0] : null;
        if (hasAnswerTool)
        {
            // The model either calls one of the client's tools or answers by calling ours.
            name = hasOwn && mode != ToolChoiceMode.None ? null : ReservedTool.Name;
            mode = !thinking.MayForceTools ? ToolChoiceMode.Auto : name is null ? ToolChoiceMode.Required : ToolChoiceMode.Named;
        }
        else if (mode is ToolChoiceMode.Required or ToolChoiceMode.Named && !thinking.MayForceTools)
        {
            dropped.Add("tool_choice (auto: this model can't be made to call a tool while it thinks)");
            mode = ToolChoiceMode.Auto;
        }

        var single = request.ParallelToolCalls == false && mode != ToolChoiceMode.None;
        if (mode is null && !single)
            return;
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, mode switch
        {
            ToolChoiceMode.None => "none"u8,
            ToolChoiceMode.Required => "any"u8,
            ToolChoiceMode.Named => "tool"u8,
            _ => "auto"u8,
        });
        if (mode == ToolChoiceMode.Named)
            json.WriteText("name"u8, name!);
        if (single)
            json.WriteBoolean("disable_parallel_tool_use"u8, true);
        json.WriteEndObject();
    }
}
