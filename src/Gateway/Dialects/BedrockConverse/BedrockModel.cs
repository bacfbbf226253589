using System.Globalization;
using Gateway.Protocol;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>What the id of a model on Bedrock tells of it. Ids come bare, with the prefix of a geography (<c>us.</c>, <c>global.</c>), or at the end of an ARN.</summary>
/// <param name="Name">The id without geography and ARN, in lower case.</param>
/// <param name="Family">Its family.</param>
/// <param name="Version">Claude, Nova and DeepSeek: 100 × major + minor; 0 when the id does not say.</param>
internal sealed record BedrockModel(string Name, BedrockFamily Family, int Version)
{
    private static readonly (string Prefix, BedrockFamily Family)[] Prefixes =
    [
        ("anthropic.", BedrockFamily.Anthropic),
        ("amazon.nova", BedrockFamily.Nova),
        ("openai.", BedrockFamily.OpenAi),
        ("deepseek.", BedrockFamily.DeepSeek),
        ("mistral.mistral-7b", BedrockFamily.Mistral),
        ("mistral.mixtral", BedrockFamily.Mistral),
        ("mistral.mistral-large-2", BedrockFamily.Mistral),
        ("mistral.mistral-small-2", BedrockFamily.Mistral),
        ("mistral.pixtral", BedrockFamily.Mistral),
        ("mistral.", BedrockFamily.OpenWeights),
        ("qwen.", BedrockFamily.OpenWeights),
        ("moonshot.", BedrockFamily.OpenWeights),
        ("moonshotai.", BedrockFamily.OpenWeights),
        ("minimax.", BedrockFamily.OpenWeights),
        ("zai.", BedrockFamily.OpenWeights),
        ("google.", BedrockFamily.OpenWeights),
        ("nvidia.", BedrockFamily.OpenWeights),
        ("meta.", BedrockFamily.Other),
        ("amazon.", BedrockFamily.Other),
        ("cohere.", BedrockFamily.Other),
        ("ai21.", BedrockFamily.Other),
        ("writer.", BedrockFamily.Other),
    ];

    /// <summary>Whether a schema can be set for the answer's text; other models are given a tool to answer with.</summary>
    public bool TakesTextFormat => Family switch
    {
        BedrockFamily.Anthropic => Version >= 405,
        BedrockFamily.DeepSeek => Version >= 300,
        BedrockFamily.OpenAi or BedrockFamily.OpenWeights => true,
        _ => false,
    };

    /// <summary>Whether it can be made to call some tool.</summary>
    public bool TakesRequiredTool => Family is not BedrockFamily.Other && !(Family == BedrockFamily.DeepSeek && Version < 300);

    /// <summary>Whether it can be made to call one tool.</summary>
    public bool TakesNamedTool => Family is BedrockFamily.Anthropic or BedrockFamily.Nova or BedrockFamily.OpenAi or BedrockFamily.OpenWeights;

    /// <summary>Whether results of tools may say that they are errors.</summary>
    public bool TakesToolStatus => Family is BedrockFamily.Anthropic or BedrockFamily.Nova;

    /// <summary>Whether there may be cache points among the content.</summary>
    public bool Caches => Family is BedrockFamily.Anthropic or BedrockFamily.Nova;

    /// <summary>Whether there may be system prompts.</summary>
    public bool TakesSystem => !Name.StartsWith("amazon.titan", StringComparison.Ordinal)
        && !Name.StartsWith("mistral.mistral-7b", StringComparison.Ordinal) && !Name.StartsWith("mistral.mixtral", StringComparison.Ordinal);

    /// <summary>Claude: how it is told to think.</summary>
    public ThinkingStyle Thinking => Family != BedrockFamily.Anthropic ? ThinkingStyle.None : Version switch
    {
        0 or 406 => ThinkingStyle.Either,
        < 307 => ThinkingStyle.None,
        < 406 => ThinkingStyle.Budget,
        _ => ThinkingStyle.Adaptive,
    };

    /// <summary>Claude: whether temperature and top_p exclude each other.</summary>
    public bool TakesOneSamplingParameter => Family == BedrockFamily.Anthropic && Version >= 401;

    /// <summary>The model of a target.</summary>
    public static BedrockModel Of(TargetTraits target)
    {
        var id = target.Model[(target.Model.LastIndexOf('/') + 1)..].ToLowerInvariant();
        foreach (var (prefix, family) in Prefixes)
        {
            var at = id.IndexOf(prefix, StringComparison.Ordinal);
            if (at != 0 && (at < 0 || id[at - 1] != '.'))
                continue;
            var name = id[at..];
            return new BedrockModel(name, family, VersionOf(name, family));
        }

        return new BedrockModel(id, target.Vendor == ReasoningOrigin.Anthropic ? BedrockFamily.Anthropic : BedrockFamily.Other, 0);
    }

    private static int VersionOf(string name, BedrockFamily family) => family switch
    {
        BedrockFamily.Anthropic => ClaudeVersion(name),
        BedrockFamily.Nova => name.StartsWith("amazon.nova-2", StringComparison.Ordinal) ? 200 : 100,
        BedrockFamily.DeepSeek => name.StartsWith("deepseek.v", StringComparison.Ordinal) ? 300 : 100,
        _ => 0,
    };

    /// <summary>The first number of the name that is no date, and the one that follows it: claude-opus-4-6-v1, claude-3-7-sonnet-20250219-v1:0.</summary>
    private static int ClaudeVersion(string name)
    {
        var words = name.Split('-', '@', ':');
        for (var i = 1; i < words.Length; i++)
        {
            if (words[i] is "instant" or "v2")
                return 200;
            if (Number(words[i]) is { } major)
                return (100 * major) + (i + 1 < words.Length ? Number(words[i + 1]) ?? 0 : 0);
        }

        return name.Contains("mythos", StringComparison.Ordinal) ? 500 : 0;
    }

    private static int? Number(string word) =>
        word.Length <= 2 && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
