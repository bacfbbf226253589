using CsCheck;
using Gateway.Metering;
using Gateway.Providers.Catalogue;

namespace Gateway.Tests.Metering;

public sealed class CostCalculatorTests
{
    private static readonly Gen<long?> OptionalPrice = Gen.Select(Gen.Bool, Gen.Long[0, 600_000_000_000], (some, price) => some ? price : (long?)null);

    private static readonly Gen<ModelPrice> Flat =
        from input in Gen.Long[0, 600_000_000_000]
        from output in Gen.Long[0, 600_000_000_000]
        from other in OptionalPrice.Array[5]
        select new ModelPrice("test", input, output)
        {
            CacheRead = other[0],
            CacheWrite = other[1],
            Reasoning = other[2],
            AudioInput = other[3],
            AudioOutput = other[4],
        };

    private static readonly Gen<ModelPrice> Price = Gen.Select(
        Flat, Flat, Flat, (price, first, second) => price with { Tiers = [new PriceTier(32_000, first), new PriceTier(200_000, second)] });

    private static readonly Gen<TokenUsage> Usage = Gen.Long[-10, 400_000].Array[7]
        .Select(n => new TokenUsage(n[0], n[1], n[2] / 2, n[3] / 2, n[4] / 2, n[5] / 3, n[6] / 3));

    [Fact]
    public void Cost_AnyUsage_EqualsDecimalReference() => Gen.Select(Price, Usage).Sample((price, usage) =>
        Assert.Equal(Reference(price, usage), CostCalculator.Cost(price, usage)));

    [Fact]
    public void Cost_AnyUsage_IsNeverBelowTheCheapestClassNorAboveTheDearest() => Gen.Select(Flat, Usage).Sample((price, usage) =>
    {
        long[] inputs = [price.Input, price.CacheRead ?? price.Input, price.CacheWrite ?? price.Input, price.AudioInput ?? price.Input];
        long[] outputs = [price.Output, price.Reasoning ?? price.Output, price.AudioOutput ?? price.Output];
        var input = (decimal)Math.Max(0, usage.Input);
        var output = (decimal)Math.Max(0, usage.Output);
        var cost = CostCalculator.Cost(price, usage);
        Assert.InRange(
            cost,
            Math.Floor(((input * inputs.Min()) + (output * outputs.Min())) / 1_000_000m),
            Math.Ceiling(((input * inputs.Max()) + (output * outputs.Max())) / 1_000_000m));
    });

    [Fact]
    public void Cost_OpenAiCachedTokens_AreChargedOnceAtTheirPrice() =>
        // 2,006 prompt tokens of which 1,920 cached, 300 completion tokens: gpt-4o at 2.50 / 1.25 / 10.00.
        Assert.Equal(86 * 2_500L + 1_920 * 1_250L + 300 * 10_000L, CostCalculator.Cost(Card("openai", "gpt-4o"), new TokenUsage(2_006, 300, CacheRead: 1_920)));

    [Fact]
    public void Cost_AnthropicCacheWrite_IsChargedAtItsPrice() =>
        // input_tokens 21 + cache_creation 188,086 + cache_read 4,096: all of them input; 3.00 / 3.75 / 0.30 / 15.00.
        Assert.Equal(
            21 * 3_000L + 188_086 * 3_750L + 4_096 * 300L + 393 * 15_000L,
            CostCalculator.Cost(
                new ModelPrice("golden", 3_000_000_000, 15_000_000_000) { CacheRead = 300_000_000, CacheWrite = 3_750_000_000 },
                new TokenUsage(21 + 188_086 + 4_096, 393, CacheRead: 4_096, CacheWrite: 188_086)));

    [Theory]
    [InlineData(200_000, 1_250, 10_000)]
    [InlineData(200_001, 2_500, 15_000)]
    public void Cost_GeminiTier_PricesTheWholeRequest(long input, long inputNanos, long outputNanos) =>
        Assert.Equal((input * inputNanos) + (1_000 * outputNanos), CostCalculator.Cost(Card("gemini", "gemini-2.5-pro"), new TokenUsage(input, 1_000)));

    [Fact]
    public void Cost_Audio_IsChargedApartFromText()
    {
        var price = Card("openai", "gpt-4o-audio-preview");
        Assert.Equal(
            10 * price.Input / 1_000_000 + 90 * 40_000L + 5 * price.Output / 1_000_000 + 95 * 80_000L,
            CostCalculator.Cost(price, new TokenUsage(100, 100, AudioInput: 90, AudioOutput: 95)));
    }

    [Fact]
    public void Cost_FractionOfANano_IsRoundedUpOnce() =>
        Assert.Equal(1, CostCalculator.Cost(new ModelPrice("t", 1, 1) { CacheRead = 1, Reasoning = 1 }, new TokenUsage(2, 2, CacheRead: 1, Reasoning: 1)));

    [Fact]
    public void Cost_NoTokens_IsZero() => Assert.Equal(0, CostCalculator.Cost(new ModelPrice("t", 5, 5), default));

    [Fact]
    public void Cost_BeyondLong_Throws() => Assert.Throws<OverflowException>(() =>
        CostCalculator.Cost(new ModelPrice("t", long.MaxValue, long.MaxValue), new TokenUsage(long.MaxValue, long.MaxValue)));

    private static ModelPrice Card(string provider, string id) => ModelCatalogue.Load().Find(provider, id)!.Price!;

    private static long Reference(ModelPrice price, TokenUsage usage)
    {
        var input = Math.Max(0m, usage.Input);
        var output = Math.Max(0m, usage.Output);
        var charged = input > 200_000 ? price.Tiers[1].Price : input > 32_000 ? price.Tiers[0].Price : price;
        decimal restIn = input, restOut = output, total = 0;
        Take(ref restIn, usage.CacheRead, charged.CacheRead ?? charged.Input);
        Take(ref restIn, usage.CacheWrite, charged.CacheWrite ?? charged.Input);
        Take(ref restIn, usage.AudioInput, charged.AudioInput ?? charged.Input);
        Take(ref restOut, usage.Reasoning, charged.Reasoning ?? charged.Output);
        Take(ref restOut, usage.AudioOutput, charged.AudioOutput ?? charged.Output);
        total += (restIn * charged.Input) + (restOut * charged.Output);
        return (long)Math.Ceiling(total / 1_000_000m);

        void Take(ref decimal rest, decimal tokens, decimal each)
        {
            var taken = Math.Min(rest, Math.Max(0, tokens));
            rest -= taken;
            total += taken * each;
        }
    }
}
