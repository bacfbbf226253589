using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>
/// How much a request lets the model think and say, decided before anything is written, because sampling, tools and turns depend on it.
/// The client's limit of tokens is never raised: budgets of money are reserved by it.
/// </summary>
internal sealed record ThinkingPlan
{
    private const long LeastBudget = 1024;
    private const long UsualBudget = 8192;
    private const long UsualAnswer = 4096;

    /// <summary>What is said of thinking.</summary>
    public ThinkingKind Kind { get; private init; }

    /// <summary>Tokens to think for, when <see cref="Kind"/> is <see cref="ThinkingKind.Budget"/>.</summary>
    public long Budget { get; private init; }

    /// <summary>The effort, or null.</summary>
    public string? Effort { get; private init; }

    /// <summary>Most tokens to generate.</summary>
    public long MaxTokens { get; private init; }

    /// <summary>Whether the model thinks, said or not.</summary>
    public bool Thinks { get; private init; }

    /// <summary>Whether the model may be made to call a tool.</summary>
    public bool MayForceTools { get; private init; }

    /// <summary>Whether thoughts must be asked for.</summary>
    public bool AsksForThoughts { get; private init; }

    /// <summary>Makes the plan.</summary>
    public static ThinkingPlan For(ChatRequest request, TargetTraits target, AnthropicModel model, DroppedMembers dropped)
    {
        var plan = Choose(request.Reasoning, target, model, dropped);
        if (plan.Kind == ThinkingKind.Budget && LostItsThinking(request.Messages, target, model))
        {
            dropped.Add("reasoning");
            plan = plan with { Kind = ThinkingKind.Off, Effort = null };
        }

        plan = WithMaxTokens(plan, request, target, dropped);
        var thinks = plan.Kind is ThinkingKind.Budget or ThinkingKind.Adaptive
            || (model.ThinksByDefault && (plan.Kind == ThinkingKind.Unsaid || model.Off != "disabled"));
        return plan with
        {
            Thinks = thinks,
            MayForceTools = model.ForcedTools switch
            {
                ForcedTools.Never => false,
                ForcedTools.WithAdaptiveThinking => plan.Kind != ThinkingKind.Budget,
                _ => !thinks,
            },
            AsksForThoughts = thinks && model.OmitsThoughts && request.Reasoning?.Summary is not (null or "none"),
        };
    }

    private static ThinkingPlan Choose(ReasoningSettings? settings, TargetTraits target, AnthropicModel model, DroppedMembers dropped)
    {
        if (settings is null)
            return new ThinkingPlan();
        if (settings.EffortOnly)
            return new ThinkingPlan { Effort = EffortOf(settings.Effort, model, dropped) };
        var isOff = settings.Enabled == false || settings.BudgetTokens == 0 || (settings.Enabled is null && settings.Effort == "none");
        var isOn = !isOff && (settings.Enabled == true || settings.Adaptive || settings.BudgetTokens is not null || settings.Effort is not null);
        var cannot = model.Thinking == ThinkingForm.None || (!model.IsClaude && target.Reasons == false);
        if (cannot || (!isOn && !isOff))
        {
            if (isOn)
                dropped.Add("reasoning_effort");
            return new ThinkingPlan();
        }

        return isOff ? TurnOff(settings, model, dropped) : TurnOn(settings, model, dropped);
    }

    private static ThinkingPlan TurnOff(ReasoningSettings settings, AnthropicModel model, DroppedMembers dropped)
    {
        var effort = EffortOf(settings.Effort, model, dropped);
        if (model.Off is null)
        {
            dropped.Add("reasoning_effort (the model always thinks; sent as low)");
            return new ThinkingPlan { Effort = "low" };
        }

        if (model.MustThinkAboveHigh && effort is "xhigh" or "max")
        {
            dropped.Add("reasoning_effort (lowered to high)");
            effort = "high";
        }

        return new ThinkingPlan { Kind = ThinkingKind.Off, Effort = effort };
    }

    private static ThinkingPlan TurnOn(ReasoningSettings settings, AnthropicModel model, DroppedMembers dropped)
    {
        var hasBudget = settings.BudgetTokens > 0;
        var takesBudget = model.Thinking != ThinkingForm.Adaptive;
        var takesAdaptive = model.Thinking != ThinkingForm.Budget;
        // An effort alone means a budget to models that know no other measure.
        if (takesAdaptive && !(hasBudget && takesBudget) && (model.IsClaude || settings.Adaptive))
        {
            if (hasBudget)
                dropped.Add("reasoning.budget_tokens (sent as an effort)");
            var effort = EffortOf(settings.Effort, model, dropped) ?? (hasBudget ? EffortOf(settings.BudgetTokens!.Value) : null);
            return new ThinkingPlan { Kind = ThinkingKind.Adaptive, Effort = effort };
        }

        if (settings.Adaptive)
            dropped.Add("reasoning (adaptive; sent as a budget)");
        var budget = hasBudget ? settings.BudgetTokens!.Value : BudgetOf(settings.Effort);
        if (budget < LeastBudget)
        {
            dropped.Add($"reasoning.budget_tokens (raised to {LeastBudget})");
            budget = LeastBudget;
        }

        // An effort that was turned into the budget is said already.
        return new ThinkingPlan { Kind = ThinkingKind.Budget, Budget = budget, Effort = hasBudget ? EffortOf(settings.Effort, model, dropped) : null };
    }

    private static string? EffortOf(string? effort, AnthropicModel model, DroppedMembers dropped)
    {
        if (effort is null or "none")
            return null;
        if (model.IsClaude && !model.HasEffort)
        {
            dropped.Add("reasoning_effort");
            return null;
        }

        return effort switch
        {
            "minimal" => "low",
            "xhigh" when model.IsClaude && !model.HasXHigh => model.HasMax ? "max" : "high",
            "max" when model.IsClaude && !model.HasMax => "high",
            _ => effort,
        };
    }

    private static string EffortOf(long budget) => budget switch
    {
        <= 2048 => "low",
        <= 8192 => "medium",
        _ => "high",
    };

    private static long BudgetOf(string? effort) => effort switch
    {
        "minimal" => LeastBudget,
        "low" => 2048,
        "high" => 16384,
        "xhigh" or "max" => 24576,
        _ => UsualBudget,
    };

    private static ThinkingPlan WithMaxTokens(ThinkingPlan plan, ChatRequest request, TargetTraits target, DroppedMembers dropped)
    {
        var isBudget = plan.Kind == ThinkingKind.Budget;
        var max = request.MaxOutputTokens ?? target.MaxOutputTokens ?? (isBudget ? plan.Budget + UsualAnswer : UsualAnswer);
        if (!isBudget || plan.Budget < max)
            return plan with { MaxTokens = max };
        // The answer needs room beside the thoughts.
        var budget = Math.Max(LeastBudget, max / 4 * 3);
        if (budget >= max)
        {
            dropped.Add("reasoning (max_tokens leaves no room for it)");
            return plan with { Kind = ThinkingKind.Off, Effort = null, MaxTokens = max };
        }

        if (request.Reasoning?.BudgetTokens > 0)
            dropped.Add($"reasoning.budget_tokens (lowered to {budget})");
        return plan with { Budget = budget, MaxTokens = max };
    }

    /// <summary>Whether the conversation is amid a loop of tool calls whose thinking is gone, which models with a budget refuse to go on with.</summary>
    private static bool LostItsThinking(List<ChatMessage> messages, TargetTraits target, AnthropicModel model)
    {
        var callsTools = false;
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            var message = messages[i];
            if (message.Role == ChatRole.User && !FollowsResults(messages, i))
                break;
            if (message.Role != ChatRole.Assistant)
                continue;
            if (message.Parts.Exists(p => p is ReasoningPart reasoning && TurnRules.Takes(reasoning, target, model)))
                return false;
            callsTools |= message.Parts.Exists(p => p is ToolCallPart);
        }

        return callsTools;
    }

    /// <summary>Whether a turn of the user only goes with results of tools: they are one turn on this wire.</summary>
    private static bool FollowsResults(List<ChatMessage> messages, int index)
    {
        while (index >= 0 && messages[index].Role is ChatRole.User or ChatRole.System or ChatRole.Developer)
            index--;
        return index >= 0 && messages[index].Role == ChatRole.Tool;
    }
}
