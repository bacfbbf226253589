using Gateway.Dialects;
using Gateway.Protocol;

namespace Gateway.Routing;

/// <summary>What codecs may know of a target, from its provider and card.</summary>
internal static class TargetTraitsOf
{
    /// <summary>The traits of a target.</summary>
    public static TargetTraits Target(TargetSnapshot target) => new()
    {
        Model = target.Model,
        ProviderKind = target.Provider.Kind,
        MaxOutputTokens = target.Card?.MaxOutput,
        Reasons = target.Card is { } card ? card.Capabilities.Contains("reasoning") : null,
        SupportsStreamUsage = target.Provider.SupportsStreamUsage,
        Vendor = VendorOf(target.Provider.Kind, target.Model),
    };

    /// <summary>Whose models sign their reasoning: told by the model's name, because clouds host several vendors.</summary>
    public static ReasoningOrigin VendorOf(string kind, string model) =>
        model.Contains("claude", StringComparison.OrdinalIgnoreCase) || kind == "anthropic" ? ReasoningOrigin.Anthropic
        : model.Contains("gemini", StringComparison.OrdinalIgnoreCase) || kind == "gemini" ? ReasoningOrigin.Gemini
        : kind is "openai" or "azure" ? ReasoningOrigin.OpenAi
        : ReasoningOrigin.Plain;
}
