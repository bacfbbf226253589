using Gateway.Dialects.Anthropic;
using Gateway.Dialects.OpenAiChat;
using Gateway.Protocol;

namespace Gateway.Routing.Rescue;

/// <summary>Which targets go on with a turn of their own, as vendors document it. What is not known to is not tried: most would answer anew.</summary>
internal static class PrefillSupport
{
    /// <summary>How a target would be made to go on with its answer to a request.</summary>
    /// <param name="target">The target.</param>
    /// <param name="wire">The wire on which it is spoken to.</param>
    /// <param name="chat">The request.</param>
    public static PrefillForm Of(TargetSnapshot target, Operation wire, ChatRequest chat)
    {
        // A model that thinks begins its turn with thinking; a form is held from the first token of a turn on.
        if (Thinks(chat.Reasoning) || chat.Format is not null || target.State.RefusesPrefill)
            return PrefillForm.None;
        return wire switch
        {
            Operation.Messages or Operation.Converse or Operation.InvokeModel => IsOlderClaude(target.Model) ? PrefillForm.Plain : PrefillForm.None,
            Operation.OllamaChat => PrefillForm.Plain,
            Operation.ChatCompletions => OfChat(target),
            _ => PrefillForm.None,
        };
    }

    private static bool IsOlderClaude(string model) => model.Contains("claude", StringComparison.OrdinalIgnoreCase) && AnthropicModel.Of(model).TakesPrefill;

    private static PrefillForm OfChat(TargetSnapshot target) => target.Provider.Kind switch
    {
        "vllm" or "sglang" => PrefillForm.RequestFlags,
        "ollama" => PrefillForm.Plain,
        "deepseek" => IsBeta(target) ? PrefillForm.TurnFlag : PrefillForm.None,
        _ => ChatQuirks.For(target.Traits).Prefill switch
        {
            "prefix" => PrefillForm.Echoed,
            not null => PrefillForm.Plain,
            null => PrefillForm.None,
        },
    };

    /// <summary>DeepSeek has the flag only under its beta address.</summary>
    private static bool IsBeta(TargetSnapshot target) =>
        target.Provider.Endpoints[Operation.ChatCompletions].For(target.Model, stream: true).AbsolutePath.Contains("/beta/", StringComparison.Ordinal);

    private static bool Thinks(ReasoningSettings? reasoning) =>
        reasoning is { EffortOnly: false, Enabled: not false } and not { Effort: "none" };
}
