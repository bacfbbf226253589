using Gateway.Secrets;

namespace Gateway.Configuration;

/// <summary>The <c>semanticIndex</c> section. Nothing of it can change without a restart.</summary>
internal sealed record SemanticIndexConfig
{
    /// <summary>What the index in the process's memory is called.</summary>
    public const string Embedded = "embedded";

    /// <summary>What the one on Qdrant is called.</summary>
    public const string Qdrant = "qdrant";

    /// <summary>True: on Qdrant. False: in memory.</summary>
    public bool IsQdrant { get; init; }

    /// <summary>Where Qdrant's gRPC answers; given exactly when it is used.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>What proves the gateway to Qdrant; null: nothing.</summary>
    public SecretReference? ApiKey { get; init; }

    /// <summary>How the collection's name begins.</summary>
    public string Collection { get; init; } = "gateway-semantic";

    /// <summary>Dimensions of the vectors: 1 to 8,192, default 1,536.</summary>
    public int Dimensions { get; init; } = 1_536;
}
