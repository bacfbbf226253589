using Gateway.Caching.Semantic;

namespace Gateway.Qdrant.Tests;

/// <summary>A Qdrant that is not there.</summary>
public class QdrantAwayTests
{
    private static readonly IndexScope Scope = new(new Tenant("t"), 1);

    [Fact]
    public async Task Calls_NobodyListens_FailAsTheyShould()
    {
        // Port 1 is nobody's.
        await using var index = new QdrantSemanticIndex(new SemanticIndexOptions { Endpoint = new Uri("http://127.0.0.1:1"), Collection = "c", Dimensions = 2 });
        float[] vector = [1, 0];
        await Assert.ThrowsAsync<IOException>(async () => await index.ProbeAsync(default));
        await Assert.ThrowsAsync<IOException>(async () => await index.UpsertAsync(Scope, new IndexEntry(1, vector, default, DateTimeOffset.MaxValue), default));
        await Assert.ThrowsAsync<IOException>(async () => await index.SearchAsync(Scope, new IndexQuery(vector, 1, 0, DateTimeOffset.UnixEpoch), default));
        await Assert.ThrowsAsync<IOException>(async () => await index.SweepAsync(DateTimeOffset.UnixEpoch, default));
    }

    [Fact]
    public async Task Calls_GivenUp_AreCancelled()
    {
        await using var index = new QdrantSemanticIndex(new SemanticIndexOptions { Endpoint = new Uri("http://127.0.0.1:1"), Collection = "c", Dimensions = 2 });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await index.ProbeAsync(new CancellationToken(canceled: true)));
    }
}
