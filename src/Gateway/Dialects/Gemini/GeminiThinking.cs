using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>
/// Writes <c>thinkingConfig</c>: a budget of tokens for the 2.5 models, a level for those after, never both. Effort and budget are
/// turned into one another where the model knows only the other.
/// </summary>
internal static class GeminiThinking
{
    private const string Dynamic = "dynamic";

    public static void Write(ReasoningSettings reasoning, GeminiTraits traits, DroppedMembers dropped, LazyObject config, LazyObject thinking)
    {
        if (traits.Thinking == GeminiThinkingStyle.None)
        {
            if (reasoning.Enabled != false && reasoning.Effort != "none" && reasoning.BudgetTokens != 0)
                dropped.Add("reasoning_effort");
            return;
        }

        if (reasoning.Summary is not (null or "none" or "omitted") || reasoning.Enabled == true)
        {
            config.Open();
            thinking.Open().WriteBoolean("includeThoughts"u8, true);
        }

        if (traits.Thinking == GeminiThinkingStyle.Budget && BudgetOf(reasoning, traits, dropped) is { } budget)
        {
            config.Open();
            thinking.Open().WriteNumber("thinkingBudget"u8, budget);
        }
        else if (traits.Thinking == GeminiThinkingStyle.Level && LevelOf(reasoning, traits, dropped) is { } level)
        {
            config.Open();
            thinking.Open().WriteString("thinkingLevel"u8, level);
        }
    }

    private static long? BudgetOf(ReasoningSettings reasoning, GeminiTraits traits, DroppedMembers dropped)
    {
        var isPro = traits.Model.Contains("pro", StringComparison.Ordinal);
        var least = isPro ? 128 : traits.Model.Contains("lite", StringComparison.Ordinal) ? 512 : 1;
        var most = isPro ? 32_768 : 24_576;
        var wanted = WantedEffort(reasoning);
        long? budget = reasoning.BudgetTokens ?? wanted switch
        {
            null => null,
            Dynamic => -1,
            "none" => 0,
            "minimal" => 512,
            "low" => 1_024,
            "medium" => 8_192,
            "high" => 24_576,
            _ => most,
        };
        if (budget is null or < 0)
            return budget is null ? null : -1;
        if (budget == 0 && !isPro)
            return 0;
        var clamped = Math.Clamp(budget.Value, least, most);
        // Only what the client asked for in so many words has been changed; an effort means what the model makes of it.
        if (clamped != budget && (reasoning.BudgetTokens is not null || budget == 0))
            dropped.Add(FormattableString.Invariant($"reasoning budget (clamped to {clamped})"));
        return clamped;
    }

    private static string? LevelOf(ReasoningSettings reasoning, GeminiTraits traits, DroppedMembers dropped)
    {
        var isPro = traits.Model.Contains("pro", StringComparison.Ordinal);
        var least = isPro ? "LOW" : "MINIMAL";
        var effort = WantedEffort(reasoning);
        if (reasoning.BudgetTokens is { } budget && reasoning.Effort is null && effort != "none")
        {
            if (budget < 0)
                return null;
            var level = budget switch
            {
                0 => least,
                <= 2_048 => "LOW",
                <= 8_192 => "MEDIUM",
                _ => "HIGH",
            };
            dropped.Add($"reasoning budget (as thinkingLevel {level})");
            return level;
        }

        switch (effort)
        {
            case null or Dynamic:
                return null;
            case "none":
                dropped.Add($"reasoning_effort (can't be switched off, as thinkingLevel {least})");
                return least;
            case "minimal":
                return least;
            case "low":
                return "LOW";
            case "medium":
                return "MEDIUM";
            case "high":
                return "HIGH";
            default:
                dropped.Add("reasoning_effort (as thinkingLevel HIGH)");
                return "HIGH";
        }
    }

    private static string? WantedEffort(ReasoningSettings reasoning) =>
        reasoning.Enabled == false ? "none"
        : reasoning.Effort ?? (reasoning.Adaptive ? Dynamic : null);
}
