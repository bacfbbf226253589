using Gateway.Caching.Semantic;

namespace Gateway.Qdrant;

/// <summary>Makes indexes on Qdrant.</summary>
internal sealed class QdrantIndexFactory : ISemanticIndexFactory
{
    /// <inheritdoc/>
    public string Store => "qdrant";

    /// <inheritdoc/>
    public ISemanticIndex Create(SemanticIndexOptions options) => new QdrantSemanticIndex(options);
}
