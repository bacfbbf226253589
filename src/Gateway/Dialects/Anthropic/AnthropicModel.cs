using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Dialects.Anthropic;

/// <summary>
/// What a model is known to take, told by its name on whatever cloud. Generations yet to come are taken to behave as the newest known one.
/// </summary>
internal sealed partial record AnthropicModel
{
    private static readonly AnthropicModel Unknown = new();

    /// <summary>Whether it is one of Anthropic's; others speak this wire too.</summary>
    public bool IsClaude { get; private init; }

    /// <summary>How it is told to think.</summary>
    public ThinkingForm Thinking { get; private init; } = ThinkingForm.AsSaid;

    /// <summary>Whether it thinks when nothing is said of thinking.</summary>
    public bool ThinksByDefault { get; private init; }

    /// <summary>The <c>thinking.type</c> that keeps it from thinking, or null when it always thinks.</summary>
    public string? Off { get; private init; } = "disabled";

    /// <summary>Whether it must think when the effort is above high.</summary>
    public bool MustThinkAboveHigh { get; private init; }

    /// <summary>Whether thoughts are left out of replies unless asked for.</summary>
    public bool OmitsThoughts { get; private init; }

    /// <summary>Whether it knows <c>output_config.effort</c>.</summary>
    public bool HasEffort { get; private init; }

    /// <summary>Whether it knows the effort xhigh.</summary>
    public bool HasXHigh { get; private init; }

    /// <summary>Whether it knows the effort max.</summary>
    public bool HasMax { get; private init; }

    /// <summary>Whether it refuses temperature, top_p and top_k.</summary>
    public bool RefusesSampling { get; private init; }

    /// <summary>Whether it refuses temperature and top_p together.</summary>
    public bool OneOfTemperatureAndTopP { get; private init; }

    /// <summary>Whether it can be held to a JSON Schema: <c>output_config.format</c> and strict tools.</summary>
    public bool HasFormat { get; private init; }

    /// <summary>Whether it goes on with an assistant turn that stands last.</summary>
    public bool TakesPrefill { get; private init; } = true;

    /// <summary>When it may be made to call a tool.</summary>
    public ForcedTools ForcedTools { get; private init; }

    /// <summary>What is known of a model.</summary>
    /// <param name="model">Its id at the provider, e.g. <c>claude-sonnet-4-5-20250929</c> or <c>us.anthropic.claude-opus-4-6-v1</c>.</param>
    public static AnthropicModel Of(string model)
    {
        if (!model.Contains("claude", StringComparison.OrdinalIgnoreCase))
            return Unknown;
        var match = FamilyFirst().Match(model);
        if (!match.Success)
            match = VersionFirst().Match(model);
        var family = match.Groups["family"].Value.ToLowerInvariant();
        // A name without a number is an alias of something recent (mythos-preview), or an early one (instant).
        var version = match.Success ? Version(match)
            : model.Contains("instant", StringComparison.OrdinalIgnoreCase) ? 1
            : 5;
        return Of(family.Length > 0 ? family : model.Contains("mythos", StringComparison.OrdinalIgnoreCase) ? "mythos" : "", version);
    }

    private static AnthropicModel Of(string family, double version)
    {
        var alwaysThinks = family is "mythos" or "fable" || (version >= 5.1 && family != "haiku");
        return new AnthropicModel
        {
            IsClaude = true,
            Thinking = version switch
            {
                < 3.7 => ThinkingForm.None,
                < 4.6 => ThinkingForm.Budget,
                < 4.7 => ThinkingForm.AdaptiveOrBudget,
                _ => ThinkingForm.Adaptive,
            },
            ThinksByDefault = version >= 5,
            Off = !alwaysThinks || version < 5 ? "disabled" : family == "sonnet" ? "between_tools" : null,
            MustThinkAboveHigh = version >= 5,
            OmitsThoughts = version >= 4.7,
            HasEffort = version >= 4.6 || (version == 4.5 && family == "opus"),
            HasXHigh = version >= 4.7,
            HasMax = version >= 4.6,
            RefusesSampling = version >= 4.7,
            OneOfTemperatureAndTopP = version is >= 4.1 and < 4.7,
            HasFormat = version >= 4.1,
            TakesPrefill = version < 4.6,
            ForcedTools = version switch
            {
                < 4.8 => ForcedTools.WithoutThinking,
                < 5.1 => ForcedTools.WithAdaptiveThinking,
                _ => ForcedTools.Never,
            },
        };
    }

    private static double Version(Match match)
    {
        var minor = match.Groups["minor"].Success ? match.Groups["minor"].Value : "0";
        return double.Parse($"{match.Groups["major"].Value}.{minor}", CultureInfo.InvariantCulture);
    }

    // claude-opus-4-1-20250805: a minor version has one digit, two at most; eight are a date.
    [GeneratedRegex(@"claude-(?<family>[a-z]+)-(?<major>\d{1,2})(?:[-.](?<minor>\d{1,2})(?!\d))?(?!\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FamilyFirst();

    // claude-3-5-sonnet-20241022, claude-4-opus-20250514, claude-v2:1.
    [GeneratedRegex(@"claude-v?(?<major>\d{1,2})(?:[-.:](?<minor>\d{1,2})(?!\d))?(?:-(?<family>[a-z]+))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex VersionFirst();
}
