using Gateway.Protocol.Embeddings;

namespace Gateway.Dialects;

/// <summary>What a reply of vectors needs that the provider did not say.</summary>
internal sealed record EmbeddingEnvelope
{
    /// <summary>Unique text to build ids from.</summary>
    public required string RequestId { get; init; }

    /// <summary>The target's model, for providers that don't name the model that answered.</summary>
    public required string Model { get; init; }

    /// <summary>The client's request: it says in which form the vectors are wanted.</summary>
    public required EmbeddingRequest Request { get; init; }
}
