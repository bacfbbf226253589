using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Which tools a target is given and how it is to use them, within what its family takes.</summary>
internal sealed record ToolPlan
{
    /// <summary>The tools, in the client's order.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; private init; } = [];

    /// <summary>Whether the reserved tool stands after them.</summary>
    public bool AnswersByTool { get; private init; }

    /// <summary>How to use them; null: not said.</summary>
    public ToolChoiceMode? Mode { get; private init; }

    /// <summary>For <see cref="ToolChoiceMode.Named"/> the tool.</summary>
    public string? Named { get; private init; }

    /// <summary>Whether the choice is said in Anthropic's own words, because <c>toolConfig</c> has none for it.</summary>
    public bool InVendorWords { get; private init; }

    /// <summary>Whether only one call at a time is allowed; only in Anthropic's words.</summary>
    public bool OneAtATime { get; private init; }

    /// <summary>Whether there is a <c>toolConfig</c>.</summary>
    public bool HasTools => Tools.Count > 0 || AnswersByTool;

    /// <summary>Plans for one request.</summary>
    public static ToolPlan Of(ChatRequest request, BedrockModel model, ThinkingPlan thinking, DroppedMembers dropped)
    {
        var choice = request.ToolChoice;
        var usedNames = UsedTools(request);
        var tools = Offered(request, choice, dropped);
        var vendorWords = model.Family == BedrockFamily.Anthropic;
        var none = choice?.Mode == ToolChoiceMode.None;
        if (none && usedNames.Count == 0)
            tools = [];
        if (tools.Count == 0 && usedNames.Count > 0)
        {
            // A conversation with calls and results is refused without their tools.
            none = true;
            tools = [.. usedNames.Select(name => new ToolDefinition { Name = name })];
        }

        none &= tools.Count > 0;
        if (request.Format is { Schema.IsMissing: false } && !model.TakesTextFormat && choice?.Mode is not (ToolChoiceMode.Required or ToolChoiceMode.Named))
            return ByTool(tools, none, model, thinking, dropped);
        if (none && !vendorWords)
            dropped.Add("tool_choice");
        var (mode, named) = none ? (vendorWords ? ToolChoiceMode.None : null, null) : Choice(choice, ref tools, model, thinking, dropped);
        var oneAtATime = request.ParallelToolCalls == false && tools.Count > 0 && !none;
        if (oneAtATime && !vendorWords)
            dropped.Add("parallel_tool_calls");
        return new ToolPlan
        {
            Tools = tools,
            Mode = tools.Count > 0 ? mode : null,
            Named = named,
            InVendorWords = vendorWords && (mode == ToolChoiceMode.None || oneAtATime),
            OneAtATime = oneAtATime && vendorWords,
        };
    }

    private static ToolPlan ByTool(List<ToolDefinition> tools, bool none, BedrockModel model, ThinkingPlan thinking, DroppedMembers dropped)
    {
        var isFree = !model.TakesRequiredTool || RefusesForce(model, thinking);
        if (isFree)
            dropped.Add("response_format (asked for, but not enforced)");
        var onlyThis = (tools.Count == 0 || none) && model.TakesNamedTool;
        return new ToolPlan
        {
            Tools = tools,
            AnswersByTool = true,
            Mode = isFree ? ToolChoiceMode.Auto : onlyThis ? ToolChoiceMode.Named : ToolChoiceMode.Required,
            Named = onlyThis && !isFree ? ReservedTool.Name : null,
        };
    }

    private static (ToolChoiceMode? Mode, string? Named) Choice(
        ToolChoice? choice, ref List<ToolDefinition> tools, BedrockModel model, ThinkingPlan thinking, DroppedMembers dropped)
    {
        if (choice is null || choice.Mode is ToolChoiceMode.Auto or ToolChoiceMode.None)
            return (choice?.Mode == ToolChoiceMode.Auto ? ToolChoiceMode.Auto : null, null);
        if (RefusesForce(model, thinking))
        {
            dropped.Add("tool_choice (auto, because the model reasons)");
            return (ToolChoiceMode.Auto, null);
        }

        if (!model.TakesRequiredTool)
        {
            dropped.Add("tool_choice");
            return (null, null);
        }

        if (choice.Mode == ToolChoiceMode.Required || choice.Names.Count == 0)
            return (ToolChoiceMode.Required, null);
        if (model.TakesNamedTool)
            return (ToolChoiceMode.Named, choice.Names[0]);
        tools = [.. tools.Where(tool => tool.Name == choice.Names[0])];
        return (ToolChoiceMode.Required, null);
    }

    private static bool RefusesForce(BedrockModel model, ThinkingPlan thinking) =>
        thinking.IsOn && model.Family is BedrockFamily.Anthropic or BedrockFamily.DeepSeek;

    private static List<ToolDefinition> Offered(ChatRequest request, ToolChoice? choice, DroppedMembers dropped)
    {
        var tools = new List<ToolDefinition>(request.Tools.Count);
        foreach (var tool in request.Tools)
        {
            if (tool.Native is { } native && native.Origin != Operation.Converse)
                dropped.Add(native.Path);
            else if (choice is not { Mode: ToolChoiceMode.Auto or ToolChoiceMode.Required, Names.Count: > 0 } || choice.Names.Contains(tool.Name))
                tools.Add(tool);
        }

        return tools;
    }

    /// <summary>The tools that were called in the conversation, in order, each once.</summary>
    private static List<string> UsedTools(ChatRequest request)
    {
        var names = new List<string>();
        var calls = request.Messages.SelectMany(message => message.Parts);
        foreach (var part in calls)
        {
            var name = part is ToolCallPart call ? call.Name : (part as ToolResultPart)?.Name;
            if (name is not null && !names.Contains(name))
                names.Add(name);
        }

        return names;
    }
}
