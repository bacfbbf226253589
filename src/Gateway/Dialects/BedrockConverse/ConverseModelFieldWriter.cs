using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Writes <c>additionalModelRequestFields</c>, each family's parameters in its own words.</summary>
internal static class ConverseModelFieldWriter
{
    /// <summary>Writes the member, if there is anything in it.</summary>
    public static void Write(Utf8JsonWriter writer, ChatRequest request, BedrockModel model, ThinkingPlan thinking, SamplingPlan sampling, ToolPlan tools)
    {
        var extras = request.Extras;
        var isNova = model.Family == BedrockFamily.Nova;
        var effort = isNova ? null : thinking.Effort;
        var hasInference = (isNova && sampling.TopK is not null) || Has(extras, "inferenceConfig");
        var hasConfig = thinking.Nova is not null || Has(extras, "reasoningConfig");
        var hasThinking = thinking.Thinking is not null || Has(extras, "thinking");
        var hasChoice = tools is { InVendorWords: true, HasTools: true } || Has(extras, "tool_choice");
        if (!hasInference && !hasConfig && !hasThinking && !hasChoice && effort is null && sampling.TopK is null
            && !ConverseExtras.Any(extras, ConverseModelFields.Prefix))
            return;
        writer.WriteStartObject("additionalModelRequestFields"u8);
        if (sampling.TopK is { } topK && !isNova)
            writer.WriteNumber("top_k"u8, topK);
        if (effort is not null)
            writer.WriteText("reasoning_effort"u8, effort);
        if (hasThinking)
            WriteThinking(writer, thinking, extras);
        if (hasConfig)
            WriteConfig(writer, thinking, extras);
        if (hasInference)
            WriteInference(writer, isNova ? sampling.TopK : null, extras);
        if (hasChoice)
            WriteChoice(writer, tools, extras);
        ConverseExtras.Write(writer, extras, ConverseModelFields.Prefix);
        writer.WriteEndObject();
    }

    private static string PrefixOf(string name) => $"{ConverseModelFields.Prefix}{name}.";

    private static bool Has(List<ExtraMember> extras, string name) => ConverseExtras.Any(extras, PrefixOf(name));

    private static void WriteThinking(Utf8JsonWriter writer, ThinkingPlan thinking, List<ExtraMember> extras)
    {
        writer.WriteStartObject("thinking"u8);
        if (thinking.Thinking is { } type)
            writer.WriteString("type"u8, type);
        if (thinking.Budget is { } budget)
            writer.WriteNumber("budget_tokens"u8, budget);
        if (thinking.Shows)
            writer.WriteString("display"u8, "summarized"u8);
        ConverseExtras.Write(writer, extras, PrefixOf("thinking"));
        writer.WriteEndObject();
    }

    private static void WriteConfig(Utf8JsonWriter writer, ThinkingPlan thinking, List<ExtraMember> extras)
    {
        writer.WriteStartObject("reasoningConfig"u8);
        if (thinking.Nova is { } type)
            writer.WriteString("type"u8, type);
        if (thinking is { Nova: "enabled", Effort: { } effort })
            writer.WriteString("maxReasoningEffort"u8, effort);
        ConverseExtras.Write(writer, extras, PrefixOf("reasoningConfig"));
        writer.WriteEndObject();
    }

    private static void WriteInference(Utf8JsonWriter writer, long? topK, List<ExtraMember> extras)
    {
        writer.WriteStartObject("inferenceConfig"u8);
        if (topK is { } k)
            writer.WriteNumber("topK"u8, k);
        ConverseExtras.Write(writer, extras, PrefixOf("inferenceConfig"));
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, ToolPlan tools, List<ExtraMember> extras)
    {
        writer.WriteStartObject("tool_choice"u8);
        if (tools.InVendorWords)
        {
            writer.WriteString("type"u8, tools.Mode switch
            {
                ToolChoiceMode.None => "none"u8,
                ToolChoiceMode.Required => "any"u8,
                ToolChoiceMode.Named => "tool"u8,
                _ => "auto"u8,
            });
            if (tools is { Mode: ToolChoiceMode.Named, Named: { } name })
                writer.WriteText("name"u8, name);
            if (tools.OneAtATime)
                writer.WriteBoolean("disable_parallel_tool_use"u8, true);
        }

        ConverseExtras.Write(writer, extras, PrefixOf("tool_choice"));
        writer.WriteEndObject();
    }
}
