using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>
/// Reads <c>additionalModelRequestFields</c>, where the parameters of single families stand. They are told by their shape, for the client
/// names a model of the gateway's and not Bedrock's id; what is not known stays an extra.
/// </summary>
internal static class ConverseModelFields
{
    /// <summary>The path of the members and a dot.</summary>
    public const string Prefix = "additionalModelRequestFields.";

    /// <summary>Fills in what the fields say.</summary>
    public static void Read(JsonElement fields, ChatRequest request)
    {
        if (!fields.Says())
            return;
        if (fields.ValueKind != JsonValueKind.Object)
        {
            request.Extras.Add(new ExtraMember(Operation.Converse, "additionalModelRequestFields", "additionalModelRequestFields", RawJson.Of(fields)));
            return;
        }

        var thinking = fields.Get("thinking"u8);
        var config = fields.Get("reasoningConfig"u8);
        var inference = fields.Get("inferenceConfig"u8);
        var choice = fields.Get("tool_choice"u8);
        request.TopK = fields.Integer("top_k"u8) ?? inference.Integer("topK"u8);
        request.Reasoning = Thinking(thinking) ?? Config(config) ?? Effort(fields.Text("reasoning_effort"u8));
        ReadChoice(choice, request);

        ConverseExtras.Read(
            fields, Prefix, request.Extras, "top_k", "reasoning_effort", Known(thinking, "thinking"), Known(config, "reasoningConfig"), Known(inference, "inferenceConfig"), Known(choice, "tool_choice"));
        ReadInner(thinking, "thinking", request, "type", "budget_tokens", thinking.Text("display"u8) == "summarized" ? "display" : "");
        ReadInner(config, "reasoningConfig", request, "type", "maxReasoningEffort");
        ReadInner(inference, "inferenceConfig", request, "topK");
        ReadInner(choice, "tool_choice", request, "type", "name", "disable_parallel_tool_use");
    }

    private static string Known(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object ? name : "";

    private static void ReadInner(JsonElement element, string name, ChatRequest request, params ReadOnlySpan<string> known)
    {
        if (element.ValueKind == JsonValueKind.Object)
            ConverseExtras.Read(element, $"{Prefix}{name}.", request.Extras, known);
    }

    private static ReasoningSettings? Thinking(JsonElement thinking) => thinking.ValueKind != JsonValueKind.Object ? null : new ReasoningSettings
    {
        Enabled = thinking.Text("type"u8) switch
        {
            "disabled" => false,
            "enabled" => true,
            _ => null,
        },
        Adaptive = thinking.Text("type"u8) == "adaptive",
        BudgetTokens = thinking.Integer("budget_tokens"u8),
        Summary = thinking.Text("display"u8) == "summarized" ? "auto" : null,
    };

    private static ReasoningSettings? Config(JsonElement config) => config.ValueKind != JsonValueKind.Object ? null : new ReasoningSettings
    {
        Enabled = config.Text("type"u8) == "enabled",
        Effort = config.Text("maxReasoningEffort"u8),
    };

    private static ReasoningSettings? Effort(string? effort) => effort is null ? null : new ReasoningSettings { Effort = effort };

    /// <summary>Anthropic's own tool choice, which can say what <c>toolConfig</c> can't: none, and one call at a time.</summary>
    private static void ReadChoice(JsonElement choice, ChatRequest request)
    {
        if (choice.ValueKind != JsonValueKind.Object)
            return;
        request.ToolChoice = choice.Text("type"u8) switch
        {
            "none" => new ToolChoice(ToolChoiceMode.None),
            "any" => new ToolChoice(ToolChoiceMode.Required),
            "tool" when choice.Text("name"u8) is { } name => new ToolChoice(ToolChoiceMode.Named, [name]),
            _ => new ToolChoice(ToolChoiceMode.Auto),
        };
        if (choice.Flag("disable_parallel_tool_use"u8) is { } oneAtATime)
            request.ParallelToolCalls = !oneAtATime;
    }
}
