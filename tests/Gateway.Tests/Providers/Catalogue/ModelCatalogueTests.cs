using System.Text;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Providers.Catalogue;

namespace Gateway.Tests.Providers.Catalogue;

public sealed class ModelCatalogueTests
{
    private static readonly ModelCatalogue Embedded = ModelCatalogue.Load();

    [Fact]
    public void Find_KnownModel_HasExactPriceLimitsAndCapabilities()
    {
        var card = Embedded.Find("openai", "gpt-4o")!;

        Assert.Equal("chat", card.Mode);
        Assert.Equal(
            ($"catalogue:{Embedded.AsOf}", 2_500_000_000, 10_000_000_000, 1_250_000_000L),
            (card.Price!.Version, card.Price.Input, card.Price.Output, card.Price.CacheRead));
        Assert.Equal(128_000, card.ContextWindow);
        Assert.Contains("tools", card.Capabilities);
    }

    [Fact]
    public void Find_TieredModel_HasTiersAscending()
    {
        var tiers = Embedded.Find("alibaba", "qwen3-coder-plus")!.Price!.Tiers;

        Assert.Equal([32_000, 128_000, 256_000], tiers.Select(tier => tier.AboveInputTokens));
        Assert.Equal(180_000_000, tiers[0].Price.CacheRead);
    }

    [Fact]
    public void Find_ListedWithoutPrice_PriceIsNull() => Assert.Null(Embedded.Find("openai", "dall-e-3")!.Price);

    [Fact]
    public void Find_ZeroAtAProviderThatCharges_PriceIsNull() => Assert.Null(Embedded.Find("bedrock", "anthropic.claude-mythos-preview")!.Price);

    [Theory]
    [InlineData("vllm", "openai/gpt-oss-20b")]
    [InlineData("ollama", "some-model-nobody-listed:7b")]
    [InlineData("openrouter", "poolside/laguna-m.1:free")]
    public void Find_FreeModel_PriceIsZero(string provider, string id)
    {
        var card = Embedded.Find(provider, id)!;

        Assert.Equal(id, card.Id);
        Assert.Equal((0, 0), (card.Price!.Input, card.Price.Output));
    }

    [Fact]
    public void OfProvider_EveryProvider_HasItsOwnModelsAndListsThem()
    {
        Assert.Equal(31, Embedded.Providers.Count);
        foreach (var provider in Embedded.Providers)
        {
            foreach (var card in Embedded.OfProvider(provider))
            {
                Assert.Equal(provider, card.Provider);
                Assert.Same(card, Embedded.Find(provider, card.Id));
                Assert.Contains(provider, Embedded.ProvidersListing(card.Id));
            }
        }

        Assert.Equal(2_255 + 18, Embedded.Providers.Sum(provider => Embedded.OfProvider(provider).Count));
    }

    [Fact]
    public void ProvidersListing_BeforeAndAfterCardsAreRead_Agrees()
    {
        var fresh = CatalogueReader.ReadEmbedded();
        var before = fresh.ProvidersListing("gpt-4o");
        foreach (var provider in fresh.Providers)
            _ = fresh.OfProvider(provider);

        Assert.Equal(fresh.ProvidersListing("gpt-4o"), before);
        Assert.Empty(CatalogueReader.ReadEmbedded().ProvidersListing("gpt-4"[..4]));
    }

    [Fact]
    public void Find_Unknown_IsNull()
    {
        Assert.Null(Embedded.Find("openai", "no-such-model"));
        Assert.Null(Embedded.Find("no-such-provider", "gpt-4o"));
    }

    [Fact]
    public void OfProvider_LocalRuntime_LeavesWildcardOut()
    {
        Assert.NotEmpty(Embedded.OfProvider("vllm"));
        Assert.DoesNotContain(Embedded.OfProvider("vllm"), card => card.Id == ModelCatalogue.Wildcard);
        Assert.Empty(Embedded.OfProvider("no-such-provider"));
    }

    [Fact]
    public void ProvidersListing_BareId_NamesTheProvidersThatListIt()
    {
        var providers = Embedded.ProvidersListing("gpt-4o");

        Assert.Equal("openai", providers[0]);
        Assert.Contains("azure", providers);
        Assert.DoesNotContain("ollama", providers);
        Assert.Empty(Embedded.ProvidersListing("*"));
    }

    [Fact]
    public void Load_Simulator_HasModelsAtNominalPrices()
    {
        Assert.Equal(18, Embedded.OfProvider("simulator").Count);
        Assert.Equal((100_000_000, 400_000_000, 25_000_000L), (
            Embedded.Find("simulator", "fault-no-done")!.Price!.Input, Embedded.Find("simulator", "echo")!.Price!.Output, Embedded.Find("simulator", "chat")!.Price!.CacheRead));
        Assert.Equal((20_000_000, 0), (Embedded.Find("simulator", "embed")!.Price!.Input, Embedded.Find("simulator", "embed")!.Price!.Output));
    }

    [Fact]
    public void With_Overrides_ReplaceAndAddWithoutTouchingTheOriginal()
    {
        var price = new ModelPrice("config:1", 1, 2);

        var changed = Embedded.With([new ModelCard("openai", "gpt-4o", "chat") { Price = price }, new ModelCard("mine", "m", "chat") { Price = price }]);

        Assert.Same(price, changed.Find("openai", "gpt-4o")!.Price);
        Assert.Equal(["mine"], changed.ProvidersListing("m"));
        Assert.NotSame(price, Embedded.Find("openai", "gpt-4o")!.Price);
        Assert.Empty(Embedded.ProvidersListing("m"));
    }

    [Fact]
    public void Ceiling_EveryProvider_IsNeverZeroAndNeverBelowAKnownChatPrice()
    {
        foreach (var provider in Embedded.ProvidersListing("gpt-4o").Concat(["openai", "gemini", "ollama", "nvidia", "no-such-provider"]))
        {
            var ceiling = Embedded.Ceiling(provider);
            Assert.Equal($"ceiling:{Embedded.AsOf}", ceiling.Version);
            Assert.True(ceiling is { Input: > 0, Output: > 0 });
            foreach (var price in Embedded.OfProvider(provider).Where(card => card.Mode == "chat").Select(card => card.Price).OfType<ModelPrice>())
            {
                var usage = new TokenUsage(300_000, 10_000, 50_000, 50_000, 2_000, 10_000, 1_000);
                Assert.True(CostCalculator.Cost(price, usage) <= CostCalculator.Cost(ceiling, usage));
            }
        }
    }

    [Theory]
    [InlineData("0.000000001", 1)]
    [InlineData("0.1", 100_000_000)]
    [InlineData("1e-3", 1_000_000)]
    [InlineData("600", 600_000_000_000)]
    public void Read_Price_IsExact(string text, long nanos) =>
        Assert.Equal(nanos, CatalogueReader.Read(Line($$"""{"p":"x","id":"y","mode":"chat","in":{{text}},"out":0}""")).Find("x", "y")!.Price!.Input);

    [Theory]
    [InlineData("0.0000000001")]
    [InlineData("-1")]
    [InlineData("1e20")]
    public void Read_PriceThatCannotBeHeld_IsRefused(string text) =>
        Assert.Throws<FormatException>(() => CatalogueReader.Read(Line($$"""{"p":"x","id":"y","mode":"chat","in":{{text}},"out":0}""")).OfProvider("x"));

    [Fact]
    public void Read_HalfAPrice_IsNoPrice() =>
        Assert.Null(CatalogueReader.Read(Line("""{"p":"x","id":"y","mode":"chat","in":1}""")).Find("x", "y")!.Price);

    [Fact]
    public void Read_UnknownMember_IsRefused() =>
        Assert.Throws<JsonException>(() => CatalogueReader.Read(Line("""{"p":"x","id":"y","mode":"chat","price":1}""")).OfProvider("x"));

    private static byte[] Line(string line) => Encoding.UTF8.GetBytes("{\"as_of\":\"2026-01-01\"}\n" + line + "\n");
}
