namespace Gateway.Metering;

/// <summary>Turns tokens into money: integers throughout, one rounding.</summary>
internal static class CostCalculator
{
    private const long TokensPerPrice = 1_000_000;

    /// <summary>
    /// The cost of a reply in nano-dollars, rounded up once. Counts that contradict each other (a class larger than the whole, negative
    /// numbers) are clamped, so that every token is charged once and none is charged negatively.
    /// </summary>
    /// <exception cref="OverflowException">The cost exceeds 9.2 billion dollars.</exception>
    public static long Cost(ModelPrice price, TokenUsage usage)
    {
        var input = Math.Max(0, usage.Input);
        var output = Math.Max(0, usage.Output);
        var charged = ForInput(price, input);

        var cacheRead = Math.Clamp(usage.CacheRead, 0, input);
        var cacheWrite = Math.Clamp(usage.CacheWrite, 0, input - cacheRead);
        var audioInput = Math.Clamp(usage.AudioInput, 0, input - cacheRead - cacheWrite);
        var reasoning = Math.Clamp(usage.Reasoning, 0, output);
        var audioOutput = Math.Clamp(usage.AudioOutput, 0, output - reasoning);

        var total =
            (Int128)(input - cacheRead - cacheWrite - audioInput) * charged.Input
            + (Int128)cacheRead * (charged.CacheRead ?? charged.Input)
            + (Int128)cacheWrite * (charged.CacheWrite ?? charged.Input)
            + (Int128)audioInput * (charged.AudioInput ?? charged.Input)
            + (Int128)(output - reasoning - audioOutput) * charged.Output
            + (Int128)reasoning * (charged.Reasoning ?? charged.Output)
            + (Int128)audioOutput * (charged.AudioOutput ?? charged.Output);
        return checked((long)((total + (TokensPerPrice - 1)) / TokensPerPrice));
    }

    /// <summary>The cost of searches in nano-dollars.</summary>
    /// <exception cref="OverflowException">The cost exceeds 9.2 billion dollars.</exception>
    public static long OfSearches(long nanoUsdEach, long searches) => checked(nanoUsdEach * Math.Max(0, searches));

    /// <summary>The price for a request with this much input: the highest tier whose threshold it exceeds, else the base.</summary>
    private static ModelPrice ForInput(ModelPrice price, long input)
    {
        var tiers = price.Tiers;
        for (var i = tiers.Count - 1; i >= 0; i--)
        {
            if (input > tiers[i].AboveInputTokens)
                return tiers[i].Price;
        }

        return price;
    }
}
