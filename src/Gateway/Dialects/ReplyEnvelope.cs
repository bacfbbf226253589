using Gateway.Protocol;

namespace Gateway.Dialects;

/// <summary>What a reply needs that the provider did not say.</summary>
internal sealed record ReplyEnvelope
{
    /// <summary>Unique text to build ids from: letters, digits and dashes.</summary>
    public required string RequestId { get; init; }

    /// <summary>The target's model, for providers that don't name the model that answered.</summary>
    public required string Model { get; init; }

    /// <summary>When the reply was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Whether the client asked for usage in the stream (only OpenAI Chat makes that a choice).</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>The client's request, for wires that repeat parts of it (Responses).</summary>
    public required ChatRequest Request { get; init; }
}
