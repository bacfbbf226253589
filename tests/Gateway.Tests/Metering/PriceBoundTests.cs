using CsCheck;
using Gateway.Metering;

namespace Gateway.Tests.Metering;

public sealed class PriceBoundTests
{
    private static readonly Gen<long> Price = Gen.Long[0, 100_000_000_000];

    private static readonly Gen<ModelPrice> Base =
        from input in Price
        from output in Price
        from read in Price.Nullable()
        from write in Price.Nullable()
        from reasoning in Price.Nullable()
        from audioIn in Price.Nullable()
        from audioOut in Price.Nullable()
        select new ModelPrice("t", input, output) { CacheRead = read, CacheWrite = write, Reasoning = reasoning, AudioInput = audioIn, AudioOutput = audioOut };

    private static readonly Gen<ModelPrice> Prices =
        from price in Base
        from low in Base
        from high in Base
        select price with { Tiers = [new PriceTier(1_000, low), new PriceTier(50_000, high)] };

    private static readonly Gen<TokenUsage> Usages =
        from input in Gen.Long[0, 100_000]
        from output in Gen.Long[0, 100_000]
        from parts in Gen.Long[-5, 100_000].Array[5]
        select new TokenUsage(input, output, parts[0], parts[1], parts[2], parts[3], parts[4]);

    [Fact]
    public void Cost_OfAnyUse_IsNotExceeded() => Gen.Select(Prices, Usages, Gen.Long[0, 1_000], Gen.Long[0, 1_000]).Sample((price, usage, moreInput, moreOutput) =>
        CostCalculator.Cost(price, usage) <= new PriceBound(price).Cost(usage.Input + moreInput, usage.Output + moreOutput));

    [Fact]
    public void OutputFor_AnAmount_IsTheMostItPaysFor() => Gen.Select(Prices, Gen.Long[0, 100_000], Gen.Long[0, 100_000_000_000_000]).Sample((price, input, amount) =>
    {
        var bound = new PriceBound(price);
        var output = bound.OutputFor(amount, input);
        return output < 0
            ? bound.Cost(input, 0) > amount
            : bound.Cost(input, output) <= amount && (output == long.MaxValue || bound.Cost(input, output + 1) > amount);
    });
}
