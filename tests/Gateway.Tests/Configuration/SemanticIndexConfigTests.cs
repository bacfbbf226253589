using System.Text;
using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

public class SemanticIndexConfigTests
{
    private const string Qdrant = """{ "semanticIndex": { "store": "qdrant", "endpoint": "https://qdrant.example:6334", "apiKey": "env:QDRANT_KEY", "collection": "ours", "dimensions": 768 } }""";

    [Fact]
    public void Nothing_Written_IsEmbedded()
    {
        var config = Configured.Build("{}").Config!.SemanticIndex;
        Assert.Equal(new SemanticIndexConfig(), config);
        Assert.False(config.IsQdrant);
    }

    [Fact]
    public void Qdrant_InABuildThatHasIt_IsTakenUpWithItsKey()
    {
        var inputs = Configured.Inputs(("QDRANT_KEY", "k-1")) with { IndexStores = ["qdrant"] };
        var build = ConfigurationBuild.FromBytes(Encoding.UTF8.GetBytes(Qdrant), inputs);
        Assert.Empty(build.Problems);
        var config = build.Config!.SemanticIndex;
        Assert.Equal((true, "https://qdrant.example:6334/", "ours", 768), (config.IsQdrant, config.Endpoint!.AbsoluteUri, config.Collection, config.Dimensions));
        Assert.Equal("k-1", build.Snapshot!.SemanticIndexKey!.Reveal());
        var effective = Encoding.UTF8.GetString(EffectiveConfiguration.Write(build.Config, build.Providers));
        Assert.Contains("env:QDRANT_KEY (set)", effective, StringComparison.Ordinal);
        Assert.DoesNotContain("k-1", effective, StringComparison.Ordinal);
    }

    [Fact]
    public void Qdrant_InABuildWithoutIt_IsRefused()
    {
        var problem = Configured.Problem(Qdrant, ("QDRANT_KEY", "k-1"));
        Assert.Equal("$.semanticIndex.store", problem.Path);
        Assert.Contains("WithQdrant=true", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Qdrant_KeyThatIsNotThere_IsRefused()
    {
        var build = ConfigurationBuild.FromBytes(Encoding.UTF8.GetBytes(Qdrant), Configured.Inputs() with { IndexStores = ["qdrant"] });
        Assert.Equal("$.semanticIndex.apiKey", Assert.Single(build.Problems).Path);
    }

    [Theory]
    [InlineData("""{ "store": "qdrant" }""", "$.semanticIndex.endpoint")]
    [InlineData("""{ "store": "qdrant", "endpoint": "qdrant:6334" }""", "$.semanticIndex.endpoint")]
    [InlineData("""{ "store": "qdrant", "endpoint": "http://qdrant:6334/v1" }""", "$.semanticIndex.endpoint")]
    [InlineData("""{ "endpoint": "http://localhost:6334" }""", "$.semanticIndex.endpoint")]
    [InlineData("""{ "store": "embedded", "apiKey": "env:QDRANT_KEY" }""", "$.semanticIndex.apiKey")]
    [InlineData("""{ "collection": "ours" }""", "$.semanticIndex.collection")]
    [InlineData("""{ "dimensions": 0 }""", "$.semanticIndex.dimensions")]
    [InlineData("""{ "store": "redis" }""", "$.semanticIndex.store")]
    public void Section_ThatMakesNoSense_IsRefusedWhereItIsWrong(string section, string path)
    {
        var inputs = Configured.Inputs(("QDRANT_KEY", "k-1")) with { IndexStores = ["qdrant"] };
        var build = ConfigurationBuild.FromBytes(Encoding.UTF8.GetBytes($$"""{ "semanticIndex": {{section}} }"""), inputs);
        Assert.Equal(path, Assert.Single(build.Problems).Path);
    }
}
