using Gateway.Caching.Semantic;
using Gateway.Tests.Caching.Semantic;

namespace Gateway.Qdrant.Tests;

/// <summary>The contract, kept by a real Qdrant.</summary>
public class QdrantSemanticIndexTests : SemanticIndexContract
{
    private protected override int Runs => 10;

    private protected override int Steps => 20;

    private protected override ISemanticIndex Create() => new QdrantIndexFactory().Create(new SemanticIndexOptions
    {
        Endpoint = new Uri(Environment.GetEnvironmentVariable("QDRANT_ENDPOINT") ?? "http://localhost:6334"),
        Collection = "gateway-tests",
        Dimensions = Dimensions,
        Timeout = TimeSpan.FromSeconds(10),
    });
}
