using Gateway.Metering;

namespace Gateway.Protocol;

/// <summary>A whole reply in the words of no provider.</summary>
internal sealed class ChatReply
{
    /// <summary>The provider's id, or null.</summary>
    public string? Id { get; set; }

    /// <summary>The model that answered, as the provider says, or null.</summary>
    public string? Model { get; set; }

    /// <summary>The answers: at least one.</summary>
    public List<ChatChoice> Choices { get; } = [];

    /// <summary>Tokens, or null when the provider did not say.</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>The service tier that served it, as the provider says, or null.</summary>
    public string? ServiceTier { get; set; }

    /// <summary>Members only the provider's wire knows (grounding, trace, safety ratings…): written back only to the same wire.</summary>
    public List<ExtraMember> Extras { get; } = [];
}
