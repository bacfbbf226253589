using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Protocol;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>Writes how much the model is to think, in the provider's own members.</summary>
internal static class ChatReasoningSettingsWriter
{
    /// <summary>Writes the members, if the client said anything.</summary>
    public static void Write(Utf8JsonWriter json, ChatWriting context)
    {
        if (context.Request.Reasoning is not { } settings)
            return;
        if (context.Target.Reasons == false)
        {
            context.Dropped.Add("reasoning_effort");
            return;
        }

        var effort = OpenAi.Efforts.Of(settings);
        switch (context.Quirks.Reasoning)
        {
            case ChatReasoningForm.Effort:
                WriteEffort(json, effort, settings, context);
                break;
            case ChatReasoningForm.Object:
                WriteObject(json, settings);
                break;
            case ChatReasoningForm.Thinking:
                WriteSwitch(json, effort);
                if (effort is not (null or "none") && settings.Effort is not null)
                    WriteEffort(json, effort, settings, context);
                break;
            case ChatReasoningForm.ThinkingSwitch:
                WriteSwitch(json, effort);
                if (settings.Effort is not (null or "none"))
                    context.Dropped.Add("reasoning_effort (only on or off)");
                break;
            case ChatReasoningForm.ThinkingBudget when context.Target.Vendor == ReasoningOrigin.Anthropic:
                WriteBudget(json, settings, effort);
                break;
            case ChatReasoningForm.ThinkingBudget:
                WriteEffort(json, effort, settings, context);
                break;
            case ChatReasoningForm.EnableThinking:
                if (effort is not null)
                    json.WriteBoolean("enable_thinking"u8, effort != "none");
                if (settings.BudgetTokens is > 0 and var budget)
                    json.WriteNumber("thinking_budget"u8, budget);
                break;
            default:
                context.Dropped.Add("reasoning_effort");
                break;
        }
    }

    private static void WriteEffort(Utf8JsonWriter json, string? effort, ReasoningSettings settings, ChatWriting context)
    {
        if (effort is null)
            return;
        var word = OpenAi.Efforts.Nearest(effort, context.Quirks.Efforts);
        if (word != effort)
            context.Dropped.Add($"reasoning_effort (changed to {word})");
        json.WriteText("reasoning_effort"u8, word);
        if (settings is { BudgetTokens: > 0, Effort: null })
            context.Dropped.Add("reasoning.max_tokens");
    }

    private static void WriteObject(Utf8JsonWriter json, ReasoningSettings settings)
    {
        json.WriteStartObject("reasoning"u8);
        if (settings.Effort is { } effort)
            json.WriteText("effort"u8, effort);
        else if (settings.BudgetTokens is > 0 and var budget) // the two exclude each other
            json.WriteNumber("max_tokens"u8, budget);
        if (settings.Enabled is { } enabled)
            json.WriteBoolean("enabled"u8, enabled);
        else if (settings.Adaptive)
            json.WriteBoolean("enabled"u8, true);
        if (settings.Summary is not null)
            json.WriteBoolean("exclude"u8, false);
        json.WriteEndObject();
    }

    private static void WriteSwitch(Utf8JsonWriter json, string? effort)
    {
        if (effort is null)
            return;
        json.WriteStartObject("thinking"u8);
        json.WriteString("type"u8, effort == "none" ? "disabled"u8 : "enabled"u8);
        json.WriteEndObject();
    }

    private static void WriteBudget(Utf8JsonWriter json, ReasoningSettings settings, string? effort)
    {
        if (effort is null && !settings.Adaptive)
            return;
        json.WriteStartObject("thinking"u8);
        json.WriteString("type"u8, effort == "none" ? "disabled"u8 : effort is null ? "adaptive"u8 : "enabled"u8);
        if (effort is not (null or "none"))
            json.WriteNumber("budget_tokens"u8, Math.Max(1024, settings.BudgetTokens ?? effort switch { "minimal" => 1024, "low" => 2048, "medium" => 8192, _ => 16_384 }));
        json.WriteEndObject();
    }
}
