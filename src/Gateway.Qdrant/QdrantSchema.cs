using Microsoft.Extensions.VectorData;

namespace Gateway.Qdrant;

/// <summary>What the collection is told of <see cref="QdrantRecord"/>. Attributes could not: the dimensions are configured.</summary>
internal static class QdrantSchema
{
    /// <summary>The definition for vectors of some dimensions.</summary>
    public static VectorStoreCollectionDefinition For(int dimensions) => new()
    {
        Properties =
        [
            new VectorStoreKeyProperty(nameof(QdrantRecord.Key), typeof(Guid)),
            new VectorStoreDataProperty(nameof(QdrantRecord.Tenant), typeof(string)) { IsIndexed = true },
            new VectorStoreDataProperty(nameof(QdrantRecord.Partition), typeof(string)) { IsIndexed = true },
            new VectorStoreDataProperty(nameof(QdrantRecord.Expires), typeof(long)) { IsIndexed = true },
            new VectorStoreDataProperty(nameof(QdrantRecord.Entry), typeof(string)),
            new VectorStoreDataProperty(nameof(QdrantRecord.Payload), typeof(string)),
            new VectorStoreVectorProperty(nameof(QdrantRecord.Vector), typeof(ReadOnlyMemory<float>), dimensions)
            {
                DistanceFunction = DistanceFunction.CosineSimilarity,
                IndexKind = IndexKind.Hnsw,
            },
        ],
    };
}
