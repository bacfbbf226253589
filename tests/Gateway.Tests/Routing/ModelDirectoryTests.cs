using System.Text;
using Gateway.Routing;
using Gateway.Tests.Configuration;

namespace Gateway.Tests.Routing;

public class ModelDirectoryTests
{
    private static IModelDirectory Directory(string json = "{}", params string[] variables) =>
        Configured.Snapshot(json, [.. variables.Select(v => (v, "key"))]).Models;

    [Theory]
    [InlineData("fast", "simulator/echo")] // a named route
    [InlineData("gpt-4o", "simulator/echo")] // a named route before a bare model
    [InlineData("openai/gpt-4o", "openai/gpt-4o")] // an address
    [InlineData("openai/never-heard-of", "openai/never-heard-of")] // an address outside the catalogue
    [InlineData("together/meta-llama/Llama-4", "together/meta-llama/Llama-4")] // an address with slashes
    [InlineData("meta-llama/Llama-4", "together/meta-llama/Llama-4")] // a bare model with a slash
    [InlineData("text-embedding-3-small", "openai/text-embedding-3-small")] // a bare model
    [InlineData("openai/gpt-oss-120b", "openai/gpt-oss-120b")] // the provider before another's bare model
    [InlineData("team/llama", "together/x")] // a named route with a slash
    public void Resolve_EveryKindOfName_GivesTheTarget(string name, string address)
    {
        var models = Directory(
            """
            { "simulator": { "enabled": true },
              "routes": { "fast": { "targets": ["simulator/echo"] }, "gpt-4o": { "targets": ["simulator/echo"] }, "team/llama": { "targets": ["together/x"] } } }
            """,
            "OPENAI_API_KEY",
            "GROQ_API_KEY",
            "TOGETHER_API_KEY");
        Assert.Equal(address, models.Resolve(name)!.Targets[0].Address);
        Assert.Equal(name, models.Resolve(name)!.Name);
    }

    [Fact]
    public void Resolve_BareModelThatLooksLikeAnAddress_IsFoundWhileThatProviderIsOff() =>
        Assert.Equal("groq/openai/gpt-oss-120b", Directory("{}", "GROQ_API_KEY").Resolve("openai/gpt-oss-120b")!.Targets[0].Address);

    [Fact]
    public void Resolve_BareModelOfTwoProviders_PrefersTheFirstConfigured()
    {
        const string azure = """{ "providers": { "azure": { "baseUrl": "https://me.openai.azure.com", "apiKey": "env:OPENAI_API_KEY" } } }""";
        Assert.Equal("azure/gpt-4o", Assert.Single(Directory(azure, "OPENAI_API_KEY").Resolve("gpt-4o")!.Targets).Address);
        Assert.Equal("openai/gpt-4o", Directory("{}", "OPENAI_API_KEY").Resolve("gpt-4o")!.Targets[0].Address);
    }

    [Fact]
    public void Resolve_ProviderUnderAnotherId_UsesItsKindsCatalogue()
    {
        var models = Directory("""{ "providers": { "eu": { "type": "openai", "apiKey": "env:K" } } }""", "K");
        Assert.Equal(128_000, models.Resolve("eu/gpt-4o")!.Targets[0].Card!.ContextWindow);
        Assert.Equal("eu/gpt-4o", models.Resolve("gpt-4o")!.Targets[0].Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("openai/")]
    [InlineData("/gpt-4o")]
    [InlineData("nowhere/gpt-4o")]
    [InlineData("OPENAI/gpt-4o")]
    [InlineData("never-heard-of")]
    public void Resolve_NameOfNothing_IsNull(string name) => Assert.Null(Directory("{}", "OPENAI_API_KEY").Resolve(name));

    [Fact]
    public void Resolve_NameTooLong_IsNull() => Assert.Null(Directory().Resolve("simulator/" + new string('x', 600)));

    [Fact]
    public void Resolve_ModelWithQuotes_IsEscapedForSplicing()
    {
        var target = Directory().Resolve("simulator/a\"b\u00e9")!.Targets[0];
        Assert.Equal("\"a\\\"b\u00e9\"", Encoding.UTF8.GetString(target.ModelJson));
    }

    [Fact]
    public void Resolve_KnownOrRememberedName_DoesNotAllocate()
    {
        var models = Directory("{}", "OPENAI_API_KEY");
        string[] names = ["openai/gpt-4o", "gpt-4o", "openai/made-on-first-use", "nowhere/at-all"];
        foreach (var name in names) models.Resolve(name);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var name in names) models.Resolve(name);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Resolve_MoreNamesThanAreRemembered_StillResolvesThem()
    {
        var models = Directory();
        for (var i = 0; i < ModelDirectory.LargestCache + 100; i++) Assert.NotNull(models.Resolve($"simulator/m{i}"));
        Assert.Same(models.Resolve("simulator/m0"), models.Resolve("simulator/m0"));
        var last = $"simulator/m{ModelDirectory.LargestCache + 50}";
        Assert.NotSame(models.Resolve(last), models.Resolve(last));
        Assert.Equal(last, models.Resolve(last)!.Targets[0].Address);
    }

    [Fact]
    public void Listed_Order_IsRoutesThenServableModels()
    {
        var models = Directory("""{ "routes": { "z": { "targets": ["openai/gpt-4o"] }, "a": { "targets": ["openai/gpt-4o"] } } }""", "OPENAI_API_KEY");
        Assert.Equal(["z", "a", "openai/gpt-4o", "openai/text-embedding-3-small", "openai/gpt-image-1", "openai/unpriced"], models.Listed.Select(r => r.Name));
        Assert.NotNull(models.Resolve("openai/a-video"));
    }
}
