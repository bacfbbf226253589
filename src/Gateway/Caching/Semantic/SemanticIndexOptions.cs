using Gateway.Secrets;

namespace Gateway.Caching.Semantic;

/// <summary>Where an index is that other processes share.</summary>
internal sealed record SemanticIndexOptions
{
    /// <summary>Absolute, http or https; its port is the one of gRPC.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>What proves the gateway; null: nothing.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>How its name begins there; the dimensions are added, since vectors of others can't lie in one place.</summary>
    public required string Collection { get; init; }

    /// <summary>Dimensions of the vectors: 1 to <see cref="IndexBounds.MaxDimensions"/>.</summary>
    public required int Dimensions { get; init; }

    /// <summary>How long one call may take. A cache that is slower is no help.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);
}
