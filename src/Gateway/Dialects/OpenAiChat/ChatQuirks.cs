using System.Text.RegularExpressions;
using Gateway.Dialects.OpenAi;

namespace Gateway.Dialects.OpenAiChat;

/// <summary>In what a provider of the chat wire differs from the rest. The defaults are those of an unknown one.</summary>
internal sealed record ChatQuirks
{
    /// <summary>Members it refuses or has no use for, in OpenAI's words; the tool members go together.</summary>
    public string[] Drops { get; init; } = [];

    /// <summary>Name of the limit of output tokens.</summary>
    public string MaxTokens { get; init; } = "max_tokens";

    /// <summary>Name of the seed.</summary>
    public string Seed { get; init; } = "seed";

    /// <summary>Name of the end user's id.</summary>
    public string User { get; init; } = "user";

    /// <summary>Highest temperature.</summary>
    public double MaxTemperature { get; init; } = 2;

    /// <summary>Whether penalties below zero are refused.</summary>
    public bool PositivePenalties { get; init; }

    /// <summary>Most stop texts.</summary>
    public int MaxStops { get; init; } = int.MaxValue;

    /// <summary>Whether usage must be asked for in a stream.</summary>
    public bool StreamOptions { get; init; } = true;

    /// <summary>Whether it knows the developer role.</summary>
    public bool Developer { get; init; }

    /// <summary>Whether it knows names of participants.</summary>
    public bool Names { get; init; } = true;

    /// <summary>Whether turns of one role must not follow each other.</summary>
    public bool Alternates { get; init; }

    /// <summary>Whether content without media must be a string.</summary>
    public bool FlatText { get; init; }

    /// <summary>Word for a call of any tool; null: it can't be demanded.</summary>
    public string? Required { get; init; } = "required";

    /// <summary>Word for no call at all; null: the tools are left out instead.</summary>
    public string? NoTools { get; init; } = "none";

    /// <summary>Whether a single tool can be demanded.</summary>
    public bool NamedTool { get; init; } = true;

    /// <summary>The flag that makes the model go on with an assistant's turn that stands last; null: it can't be told to.</summary>
    public string? Prefill { get; init; }

    /// <summary>Length that ids of tool calls must have; 0: any up to <see cref="MaxToolId"/>.</summary>
    public int ToolIdLength { get; init; }

    /// <summary>Longest id of a tool call.</summary>
    public int MaxToolId { get; init; } = 64;

    /// <summary>Whether it has <c>json_object</c>.</summary>
    public bool JsonObject { get; init; } = true;

    /// <summary>Whether it has <c>json_schema</c>.</summary>
    public bool JsonSchema { get; init; } = true;

    /// <summary>Whether strict schemas must keep to OpenAI's subset.</summary>
    public bool StrictSubset { get; init; }

    /// <summary>Whether <c>additionalProperties: false</c> in tools is refused.</summary>
    public bool OpenSchemas { get; init; }

    /// <summary>Whether schemas must be without <c>$ref</c>, <c>$schema</c> and a type beside <c>anyOf</c>.</summary>
    public bool PlainSchemas { get; init; }

    /// <summary>Whether images may be given by address.</summary>
    public bool ImageUrls { get; init; } = true;

    /// <summary>Whether it takes <c>cache_control</c>.</summary>
    public bool CacheControl { get; init; }

    /// <summary>Whether it takes <c>prompt_cache_breakpoint</c>.</summary>
    public bool CacheBreakpoints { get; init; }

    /// <summary>Whether <c>logprobs</c> is a count.</summary>
    public bool LogprobsCount { get; init; }

    /// <summary>Whether <c>metadata</c> is only taken together with <c>store</c>.</summary>
    public bool MetadataNeedsStore { get; init; }

    /// <summary>Whether its models follow OpenAI's rules for reasoning models.</summary>
    public bool OpenAiRules { get; init; }

    /// <summary>How it is told how much to think.</summary>
    public ChatReasoningForm Reasoning { get; init; }

    /// <summary>Efforts it knows, from the least; a foreign one becomes the nearest above, or the highest.</summary>
    public string[] Efforts { get; init; } = OpenAi.Efforts.All;

    /// <summary>How it wants reasoning back.</summary>
    public ChatReasoningEcho Echo { get; init; }

    /// <summary>Whether a member is left out.</summary>
    public bool Drop(string member) => Array.IndexOf(Drops, member) >= 0;

    /// <summary>How the limit of output tokens is called for a model.</summary>
    public string LimitName(TargetTraits target) => OpenAiRules && OpenAiModels.Reasons(target) ? "max_completion_tokens" : MaxTokens;

    /// <summary>What holds for a target, the rules for single models included.</summary>
    public static ChatQuirks For(TargetTraits target)
    {
        var quirks = ChatQuirkTable.ByKind.GetValueOrDefault(target.ProviderKind) ?? ChatQuirkTable.Unknown;
        foreach (var (kind, model, change) in ChatQuirkTable.ModelRules)
        {
            if (kind == target.ProviderKind && Regex.IsMatch(target.Model, model, RegexOptions.CultureInvariant))
                quirks = change(quirks);
        }

        return quirks;
    }
}
