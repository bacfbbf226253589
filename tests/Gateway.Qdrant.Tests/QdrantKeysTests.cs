using Gateway.Caching.Semantic;

namespace Gateway.Qdrant.Tests;

public class QdrantKeysTests
{
    [Fact]
    public void Key_SameEntry_IsTheSame() => Assert.Equal(QdrantKeys.Of(new IndexScope(new Tenant("a"), 1), 2), QdrantKeys.Of(new IndexScope(new Tenant("a"), 1), 2));

    [Fact]
    public void Key_AnythingElse_IsAnother()
    {
        Guid[] keys =
        [
            QdrantKeys.Of(new IndexScope(new Tenant("a"), 1), 2), QdrantKeys.Of(new IndexScope(new Tenant("b"), 1), 2), QdrantKeys.Of(new IndexScope(new Tenant("A"), 1), 2),
            QdrantKeys.Of(new IndexScope(new Tenant("a"), 2), 1), QdrantKeys.Of(new IndexScope(new Tenant("a"), 1), 1), QdrantKeys.Of(new IndexScope(new Tenant("a"), 2), 2),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void Number_AsText_ComesBack()
    {
        Assert.Equal(UInt128.MaxValue, QdrantKeys.Number(QdrantKeys.Text(UInt128.MaxValue)));
        Assert.Equal("0000000000000000000000000000001f", QdrantKeys.Text(31));
    }
}
