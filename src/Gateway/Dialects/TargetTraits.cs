using Gateway.Protocol;

namespace Gateway.Dialects;

/// <summary>What a codec may know of the target it writes for.</summary>
internal sealed record TargetTraits
{
    /// <summary>The model's id on the provider's wire.</summary>
    public required string Model { get; init; }

    /// <summary>The kind of provider, e.g. <c>anthropic</c>, <c>bedrock</c>, <c>mistral</c>: its profile's id.</summary>
    public required string ProviderKind { get; init; }

    /// <summary>Most tokens the model can generate, or null when that is not known.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Whether the model is known to reason; null: not known.</summary>
    public bool? Reasons { get; init; }

    /// <summary>Whether <c>stream_options.include_usage</c> is understood (OpenAI Chat only).</summary>
    public bool SupportsStreamUsage { get; init; } = true;

    /// <summary>Whose models they are, for signatures: reasoning of another vendor is left out.</summary>
    public ReasoningOrigin Vendor { get; init; }
}
