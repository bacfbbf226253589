using Gateway.Metering;

namespace Gateway.Protocol.Embeddings;

/// <summary>Vectors in the words of no provider.</summary>
internal sealed class EmbeddingReply
{
    /// <summary>The provider's id, or null.</summary>
    public string? Id { get; set; }

    /// <summary>The model that answered, as the provider says, or null.</summary>
    public string? Model { get; set; }

    /// <summary>The vectors, in the order of the inputs.</summary>
    public List<EmbeddingVector> Vectors { get; } = [];

    /// <summary>Tokens, or null when the provider did not say.</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>Members only the provider's wire knows.</summary>
    public List<ExtraMember> Extras { get; } = [];
}
