using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>How a target is told to think, in its family's own words.</summary>
internal sealed record ThinkingPlan
{
    private const long LeastBudget = 1_024;

    /// <summary>Whether it will think: then sampling and forced tools are restricted.</summary>
    public bool IsOn { get; private init; }

    /// <summary>Claude: <c>thinking.type</c>, or null.</summary>
    public string? Thinking { get; private init; }

    /// <summary>Claude: <c>thinking.budget_tokens</c>, or null.</summary>
    public long? Budget { get; private init; }

    /// <summary>Claude: whether <c>thinking.display</c> asks for the thoughts.</summary>
    public bool Shows { get; private init; }

    /// <summary>Claude: <c>outputConfig.effort</c>, or null.</summary>
    public string? OutputEffort { get; private init; }

    /// <summary>Nova: <c>reasoningConfig.type</c>, or null.</summary>
    public string? Nova { get; private init; }

    /// <summary>Nova: <c>maxReasoningEffort</c>; OpenAI and DeepSeek: <c>reasoning_effort</c>; or null.</summary>
    public string? Effort { get; private init; }

    /// <summary>Plans for one request.</summary>
    public static ThinkingPlan Of(ChatRequest request, BedrockModel model, DroppedMembers dropped)
    {
        if (request.Reasoning is not { } wish)
            return new ThinkingPlan();
        var wants = wish.Enabled != false && wish.Effort != "none"
            && (wish.Enabled == true || wish.Adaptive || wish.Effort is not null || wish.BudgetTokens is > 0 or < 0);
        switch (model.Family)
        {
            case BedrockFamily.Anthropic when model.Thinking != ThinkingStyle.None:
                return wants ? Claude(request, wish, model, dropped)
                    : wish.Enabled == false && model.Thinking != ThinkingStyle.Adaptive ? new ThinkingPlan { Thinking = "disabled" }
                    : new ThinkingPlan();
            case BedrockFamily.Nova when model.Version >= 200:
                return wants ? NovaEffort(request, wish, dropped) : new ThinkingPlan { Nova = wish.Enabled == false ? "disabled" : null };
            case BedrockFamily.OpenAi when wants:
                // These models think anyway; only gpt-oss has no more than three levels.
                return new ThinkingPlan { Effort = model.Name.Contains("gpt-oss", StringComparison.Ordinal) ? ThreeLevels(Level(wish), dropped) : Level(wish) };
            case BedrockFamily.DeepSeek when model.Version >= 300 && wants:
                return new ThinkingPlan { IsOn = true, Effort = ThreeLevels(Level(wish) ?? "high", dropped) };
            default:
                if (wants)
                    dropped.Add("reasoning_effort");
                return new ThinkingPlan();
        }
    }

    private static ThinkingPlan Claude(ChatRequest request, ReasoningSettings wish, BedrockModel model, DroppedMembers dropped)
    {
        var hasBudget = wish.BudgetTokens is > 0 && !wish.Adaptive;
        if (model.Thinking == ThinkingStyle.Adaptive || (model.Thinking == ThinkingStyle.Either && !hasBudget))
        {
            if (wish.BudgetTokens is > 0)
                dropped.Add("thinking.budget_tokens");
            return new ThinkingPlan { IsOn = true, Thinking = "adaptive", Shows = wish.Summary is not null, OutputEffort = Word(wish, model) };
        }

        var budget = wish.BudgetTokens is > 0 and var said ? said : BudgetOf(wish.Effort);
        if (request.MaxOutputTokens is not { } most)
            return Enabled(Math.Max(LeastBudget, budget));
        if (most <= LeastBudget)
        {
            dropped.Add("reasoning_effort (max_tokens leaves no room for it)");
            return new ThinkingPlan();
        }

        // The limit counts thoughts and answer together, and the budget must stay below it.
        if (hasBudget && budget >= most)
            dropped.Add($"thinking.budget_tokens (limited to {most - 1})");
        return Enabled(Math.Max(LeastBudget, Math.Min(budget, hasBudget ? most - 1 : most / 4 * 3)));

        ThinkingPlan Enabled(long tokens) => new()
        {
            IsOn = true,
            Thinking = "enabled",
            Budget = tokens,
            Shows = wish.Summary is not null && model.Thinking == ThinkingStyle.Either,
        };
    }

    private static string? Word(ReasoningSettings wish, BedrockModel model) => wish.Effort switch
    {
        "minimal" => "low",
        "xhigh" when model.Version == 406 => "max",
        null when wish.BudgetTokens is > 0 => EffortOf(wish.BudgetTokens.Value),
        var effort => effort,
    };

    private static ThinkingPlan NovaEffort(ChatRequest request, ReasoningSettings wish, DroppedMembers dropped)
    {
        var effort = ThreeLevels(Level(wish) ?? "medium", dropped);
        if (effort == "high" && request.MaxOutputTokens is not null)
        {
            // The highest level refuses a limit of tokens, and a limit is a promise about cost.
            dropped.Add("reasoning_effort (medium, because max_tokens is set)");
            effort = "medium";
        }

        return new ThinkingPlan { IsOn = true, Nova = "enabled", Effort = effort };
    }

    private static string? Level(ReasoningSettings wish) =>
        wish.Effort ?? (wish.BudgetTokens is > 0 and var budget ? EffortOf(budget) : null);

    private static string? ThreeLevels(string? effort, DroppedMembers dropped)
    {
        var level = effort switch
        {
            "minimal" => "low",
            "xhigh" or "max" => "high",
            _ => effort,
        };
        if (level != effort)
            dropped.Add($"reasoning_effort ({level})");
        return level;
    }

    private static long BudgetOf(string? effort) => effort switch
    {
        "minimal" => LeastBudget,
        "low" => 2_048,
        "medium" => 8_192,
        "xhigh" or "max" => 32_000,
        _ => 16_384,
    };

    private static string EffortOf(long budget) => budget switch
    {
        <= 2_048 => "low",
        <= 8_192 => "medium",
        _ => "high",
    };
}
