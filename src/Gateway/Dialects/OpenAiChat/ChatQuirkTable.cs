using System.Collections.Frozen;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>The quirks of each kind of provider, as their documentation states them.</summary>
internal static class ChatQuirkTable
{
    private static readonly string[] OpenAiOnly = ["store", "metadata", "prompt_cache_key", "verbosity"];
    private static readonly string[] Sampling = ["temperature", "top_p", "logprobs", "top_logprobs", "presence_penalty", "frequency_penalty", "logit_bias", "stop"];
    private static readonly string[] LowToHigh = ["low", "medium", "high"];
    private static readonly string[] NoneToHigh = ["none", "low", "medium", "high"];

    /// <summary>A provider that is not in the table: anything may be sent to it, what isn't OpenAI's own included.</summary>
    public static readonly ChatQuirks Unknown = new() { Echo = ChatReasoningEcho.Details };

    private static readonly ChatQuirks OpenAi = new()
    {
        Drops = ["top_k", "min_p"],
        MaxTokens = "max_completion_tokens",
        Developer = true,
        MaxToolId = 40,
        StrictSubset = true,
        MetadataNeedsStore = true,
        OpenAiRules = true,
        MaxStops = 4,
    };

    private static readonly ChatQuirks Compatible = new() { Drops = [.. OpenAiOnly, "service_tier"] };

    /// <summary>By kind of provider.</summary>
    public static readonly FrozenDictionary<string, ChatQuirks> ByKind = new Dictionary<string, ChatQuirks>
    {
        ["openai"] = OpenAi with { CacheBreakpoints = true },
        ["azure"] = OpenAi with { MaxTokens = "max_tokens" },
        ["github-models"] = OpenAi with { Drops = [.. OpenAi.Drops, .. OpenAiOnly, "service_tier", "n", "logit_bias", "user"], NamedTool = false, ImageUrls = false, MaxTokens = "max_tokens" },
        ["openrouter"] = new() { Drops = ["store", "metadata"], CacheControl = true, Reasoning = ChatReasoningForm.Object, Echo = ChatReasoningEcho.Details },
        ["anthropic"] = Compatible with { Drops = [.. Compatible.Drops, "n", "seed", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs", "modalities"], MaxTemperature = 1, Reasoning = ChatReasoningForm.ThinkingBudget },
        ["gemini"] = Compatible with { Drops = [.. Compatible.Drops, "logit_bias", "user", "parallel_tool_calls", "top_k", "min_p"], Efforts = ["none", "minimal", "low", "medium", "high"], ImageUrls = false, Echo = ChatReasoningEcho.GoogleSignatures },
        ["vertex"] = Compatible with { Drops = [.. Compatible.Drops, "logit_bias", "user", "parallel_tool_calls", "top_k", "min_p"], Efforts = ["none", "minimal", "low", "medium", "high"], ImageUrls = false, Echo = ChatReasoningEcho.GoogleSignatures },
        ["mistral"] = Compatible with { Drops = [.. Compatible.Drops, "logit_bias", "logprobs", "top_logprobs", "user", "top_k", "min_p"], Seed = "random_seed", Required = "any", Prefill = "prefix", MaxTemperature = 1.5, StreamOptions = false, ToolIdLength = 9, Efforts = ["none", "high"] },
        ["cohere"] = Compatible with { Drops = [.. Compatible.Drops, "n", "logit_bias", "top_logprobs", "user", "parallel_tool_calls", "top_k", "min_p"], MaxTemperature = 1, PositivePenalties = true, MaxStops = 5, StreamOptions = false, NamedTool = false, Efforts = ["none", "high"] },
        ["groq"] = Compatible with { Drops = [.. OpenAiOnly, "n", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs", "top_k", "min_p"], MaxTokens = "max_completion_tokens", Names = false, Efforts = NoneToHigh },
        ["xai"] = Compatible with { Drops = [.. OpenAiOnly, "logit_bias", "top_k", "min_p"], MaxTokens = "max_completion_tokens", OpenSchemas = true, Efforts = ["none", "low", "medium", "high", "xhigh"] },
        ["deepseek"] = Compatible with { Drops = [.. Compatible.Drops, "seed", "n", "logit_bias", "user", "parallel_tool_calls", "top_k", "min_p"], JsonSchema = false, FlatText = true, ImageUrls = false, Reasoning = ChatReasoningForm.Thinking, Efforts = ["high", "max"], Echo = ChatReasoningEcho.Text },
        ["moonshot"] = Compatible with { Drops = [.. Compatible.Drops, "seed", "logit_bias", "logprobs", "top_logprobs", "user", "top_k", "min_p", "parallel_tool_calls"], MaxTemperature = 1, PlainSchemas = true, ImageUrls = false, Prefill = "partial", Reasoning = ChatReasoningForm.ThinkingSwitch, Efforts = ["low", "high", "max"], Echo = ChatReasoningEcho.Text },
        ["zai"] = Compatible with { Drops = [.. Compatible.Drops, "n", "seed", "logit_bias", "logprobs", "top_logprobs", "presence_penalty", "frequency_penalty", "parallel_tool_calls", "top_k", "min_p"], User = "user_id", MaxTemperature = 1, MaxStops = 1, StreamOptions = false, Required = null, NoTools = null, NamedTool = false, JsonSchema = false, Reasoning = ChatReasoningForm.ThinkingSwitch, Echo = ChatReasoningEcho.Text },
        ["alibaba"] = Compatible with { Drops = [.. Compatible.Drops, "frequency_penalty", "logit_bias", "user"], Required = null, CacheControl = true, Reasoning = ChatReasoningForm.EnableThinking, Echo = ChatReasoningEcho.Text },
        ["together"] = Compatible with { Drops = [.. Compatible.Drops, "top_logprobs"], LogprobsCount = true, Efforts = LowToHigh },
        ["fireworks"] = Compatible with { Efforts = NoneToHigh, Echo = ChatReasoningEcho.Text },
        ["perplexity"] = Compatible with { Drops = [.. Compatible.Drops, "tools", "stop", "seed", "n", "logit_bias", "logprobs", "top_logprobs", "user", "top_k", "min_p"], JsonObject = false, StreamOptions = false, Alternates = true, Names = false, Efforts = ["minimal", "low", "medium", "high"] },
        ["cerebras"] = Compatible with { Drops = [.. OpenAiOnly, "n", "frequency_penalty", "presence_penalty", "logit_bias", "top_k", "min_p"], MaxTokens = "max_completion_tokens", MaxTemperature = 1.5, FlatText = true, ImageUrls = false, Efforts = NoneToHigh },
        ["nvidia"] = Compatible with { Drops = [.. Compatible.Drops, "n", "logit_bias", "user"] },
        ["huggingface"] = Compatible with { Drops = [.. Compatible.Drops, "n"] },
        ["sambanova"] = Compatible with { Drops = [.. Compatible.Drops, "n", "logit_bias", "presence_penalty", "frequency_penalty", "seed", "user"], MaxTemperature = 1, ImageUrls = false, Efforts = LowToHigh },
        ["cloudflare"] = Compatible with { Drops = [.. Compatible.Drops, "n", "logit_bias", "user"], ImageUrls = false },
        ["databricks"] = Compatible with { Drops = [.. Compatible.Drops, "n", "logit_bias", "user", "parallel_tool_calls"], CacheControl = true, Reasoning = ChatReasoningForm.ThinkingBudget, Echo = ChatReasoningEcho.Parts },
        ["deepinfra"] = Compatible with { Efforts = ["none", "low", "medium", "high", "xhigh"] },
        ["novita"] = Compatible with { Drops = [.. Compatible.Drops, "user"], Reasoning = ChatReasoningForm.EnableThinking },
        ["ollama"] = Compatible with { Drops = [.. Compatible.Drops, "n", "logit_bias", "user", "parallel_tool_calls", "top_k", "min_p"], Required = null, NoTools = null, NamedTool = false, ImageUrls = false, Efforts = ["none", "low", "medium", "high", "max"] },
        ["vllm"] = Compatible,
        ["sglang"] = Compatible,
        ["lmstudio"] = Compatible with { Drops = [.. Compatible.Drops, "n", "user", "logprobs", "top_logprobs"], NamedTool = false, JsonObject = false, ImageUrls = false },
    }.ToFrozenDictionary();

    /// <summary>Rules for single models: the kind of provider, a pattern of the model's name, and the change. All that match apply, in order.</summary>
    public static readonly (string Kind, string Model, Func<ChatQuirks, ChatQuirks> Change)[] ModelRules =
    [
        ("openai", "search-(preview|api)", q => q with { Drops = [.. q.Drops, "temperature", "top_p", "n", "presence_penalty", "frequency_penalty", "logit_bias", "seed", "parallel_tool_calls"] }),
        ("xai", "grok-(3-mini|4|code|[5-9]).*(?<!non-reasoning)$", q => q with { Drops = [.. q.Drops, "presence_penalty", "frequency_penalty", "stop"] }),
        ("xai", "^grok-4(-0709)?$", q => q with { Reasoning = ChatReasoningForm.None }),
        ("deepseek", "reasoner|r1", q => q with { Drops = [.. q.Drops, .. Sampling[..^1]], Echo = ChatReasoningEcho.None }),
        ("deepseek", "v4", q => q with { Echo = ChatReasoningEcho.TextAlways }),
        ("moonshot", @"kimi-k2\.[5-9]|kimi-k3|thinking", q => q with { Drops = [.. q.Drops, "temperature", "top_p", "n", "presence_penalty", "frequency_penalty"] }),
        ("moonshot", "kimi-k3", q => q with { Reasoning = ChatReasoningForm.Thinking }),
    ];

    /// <summary>What OpenAI's reasoning models refuse.</summary>
    public static string[] RefusedWhenReasoning => Sampling;
}
