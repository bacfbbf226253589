using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Anthropic;

/// <summary>
/// How the form of the answer is asked for: by the wire's own format, by a tool whose input is the answer, or, where neither can be, in words.
/// At most one of <see cref="Native"/> and <see cref="AnswerTool"/> is set.
/// </summary>
internal sealed record FormatPlan
{
    private static readonly FormatPlan None = new();
    private static readonly RawJson AnyObject = new("""{"type":"object"}"""u8.ToArray());

    /// <summary>The schema for <c>output_config.format</c>; missing: not used.</summary>
    public RawJson Native { get; private init; }

    /// <summary>The schema of the answer tool; missing: not used.</summary>
    public RawJson AnswerTool { get; private init; }

    /// <summary>What the system prompt says of it, or null.</summary>
    public string? Instruction { get; private init; }

    /// <summary>Makes the plan.</summary>
    public static FormatPlan For(ChatRequest request, AnthropicModel model, ThinkingPlan thinking, DroppedMembers dropped)
    {
        if (request.Format is not { } format)
            return None;
        // The answer then is a call of one of the client's tools.
        if (request.Tools.Count > 0 && request.ToolChoice?.Mode is ToolChoiceMode.Required or ToolChoiceMode.Named && thinking.MayForceTools)
            return format.Schema.IsMissing || !model.HasFormat ? None : Held(format, model, dropped) ?? None;
        if (Held(format, model, dropped) is { } held)
            return held;
        if (format.Schema.IsMissing && (!thinking.MayForceTools || request.Tools.Count > 0))
            return InWords(format, dropped);
        var schema = format.Schema.IsMissing ? AnyObject : format.Schema;
        if (!IsObject(schema))
            return InWords(format, dropped);
        if (thinking.MayForceTools)
            return new FormatPlan { AnswerTool = schema };
        dropped.Add("response_format (not enforced while the model thinks)");
        return new FormatPlan
        {
            AnswerTool = schema,
            Instruction = $"Give your final answer by calling the tool {ReservedTool.Name}, never as text.",
        };
    }

    private static FormatPlan? Held(ResponseFormat format, AnthropicModel model, DroppedMembers dropped) =>
        model.HasFormat && !format.Schema.IsMissing && SchemaSubset.Restrict(format.Schema, "response_format.json_schema.schema", dropped) is { } schema
            ? new FormatPlan { Native = schema }
            : null;

    private static FormatPlan InWords(ResponseFormat format, DroppedMembers dropped)
    {
        dropped.Add("response_format (asked for in words)");
        return new FormatPlan
        {
            Instruction = format.Schema.IsMissing
                ? "Answer with a single JSON object and nothing else: no introduction, no code fence."
                : $"Answer with JSON that matches this JSON Schema and nothing else, no introduction, no code fence: {format.Schema}",
        };
    }

    /// <summary>The input of a tool is an object.</summary>
    private static bool IsObject(RawJson schema)
    {
        using var document = schema.Parse();
        var root = document.RootElement;
        return root.Text("type"u8) == "object" || (!root.Get("type"u8).Says() && root.Get("properties"u8).ValueKind == JsonValueKind.Object);
    }
}
