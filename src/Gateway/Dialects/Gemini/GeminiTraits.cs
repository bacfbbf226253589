using System.Globalization;
using Gateway.Protocol;

namespace Gateway.Dialects.Gemini;

/// <summary>What is known of a target from its model's name and its provider.</summary>
internal sealed record GeminiTraits
{
    /// <summary>Used for models whose name says no generation: aliases of the latest.</summary>
    private const double Newest = 3;

    /// <summary>The model without its path, in lower case.</summary>
    public required string Model { get; init; }

    /// <summary>Whether it is reached over Vertex AI.</summary>
    public bool IsVertex { get; init; }

    /// <summary>Gemma: the same wire, but no system instruction and no thinking.</summary>
    public bool IsGemma { get; init; }

    /// <summary>1.5, 2, 2.5, 3…</summary>
    public double Generation { get; init; } = Newest;

    /// <summary>How it is told how much to think.</summary>
    public GeminiThinkingStyle Thinking { get; init; }

    /// <summary>Whether a history's function calls must carry signatures.</summary>
    public bool NeedsSignatures { get; init; }

    /// <summary>Whether it takes JSON Schema beside the older OpenAPI form.</summary>
    public bool TakesJsonSchema => !IsGemma && Generation >= 2.5;

    /// <summary>Whether a function's result may hold images.</summary>
    public bool TakesResultMedia => !IsGemma && Generation >= 3;

    /// <summary>Whether the form of the answer may be set beside functions.</summary>
    public bool TakesFormatWithTools => Generation >= 3;

    /// <summary>Models that draw: they answer no schema.</summary>
    public bool Draws { get; init; }

    /// <summary>Whether reasoning signed by Gemini may be sent to it.</summary>
    public bool TakesSignatures { get; init; }

    /// <summary>What is known of a target.</summary>
    public static GeminiTraits Of(TargetTraits target)
    {
        var model = target.Model[(target.Model.LastIndexOf('/') + 1)..].ToLowerInvariant();
        var isGemini = model.Contains("gemini", StringComparison.Ordinal);
        var isGemma = model.StartsWith("gemma", StringComparison.Ordinal);
        var generation = isGemini ? GenerationOf(model) : Newest;
        var draws = model.Contains("image", StringComparison.Ordinal);
        return new GeminiTraits
        {
            Model = model,
            IsVertex = target.ProviderKind == "vertex",
            IsGemma = isGemma,
            Generation = generation,
            Draws = draws,
            NeedsSignatures = isGemini && generation >= 3,
            TakesSignatures = !isGemma && target.Vendor is ReasoningOrigin.Gemini or ReasoningOrigin.Unknown,
            Thinking = isGemma || draws || generation < 2.5 || target.Reasons == false || model.Contains("tts", StringComparison.Ordinal) ? GeminiThinkingStyle.None
                : generation < 3 ? GeminiThinkingStyle.Budget
                : GeminiThinkingStyle.Level,
        };
    }

    private static double GenerationOf(string model)
    {
        foreach (var word in model.Split('-'))
        {
            if (double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var generation))
                return generation;
        }

        return Newest;
    }
}
