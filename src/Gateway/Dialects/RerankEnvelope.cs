using Gateway.Protocol.Rerank;

namespace Gateway.Dialects;

/// <summary>What a rerank reply needs that the provider did not say.</summary>
internal sealed record RerankEnvelope
{
    /// <summary>Unique text to build ids from.</summary>
    public required string RequestId { get; init; }

    /// <summary>The target's model, for providers that don't name the model that answered.</summary>
    public required string Model { get; init; }

    /// <summary>The client's request: documents it wants repeated are taken from there where the provider left them out.</summary>
    public required RerankRequest Request { get; init; }
}
