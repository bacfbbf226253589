using System.Text.RegularExpressions;

namespace Gateway.Dialects.OpenAi;

/// <summary>What follows from the names of OpenAI's models.</summary>
internal static partial class OpenAiModels
{
    /// <summary>Whether a target is one of OpenAI's reasoning models, which refuse sampling parameters.</summary>
    public static bool Reasons(TargetTraits target) => target.Reasons ?? Reasoning().IsMatch(target.Model);

    /// <summary>Whether the model takes explicit marks of its prompt cache (<c>prompt_cache_breakpoint</c>).</summary>
    public static bool TakesCacheMarks(string model) => CacheMarks().IsMatch(model);

    [GeneratedRegex(@"^(openai/)?(o\d|gpt-[5-9](?!.*chat))", RegexOptions.CultureInvariant)]
    private static partial Regex Reasoning();

    [GeneratedRegex(@"^(openai/)?gpt-(5\.([6-9]|\d\d)|[6-9])", RegexOptions.CultureInvariant)]
    private static partial Regex CacheMarks();
}
