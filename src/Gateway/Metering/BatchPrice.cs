namespace Gateway.Metering;

/// <summary>What the tokens of a batch cost.</summary>
internal static class BatchPrice
{
    /// <summary>
    /// The price of a batch: the provider's own for batches where it is known, with no class dearer than that; otherwise the full price. A batch
    /// is many requests, and tiers are for the input of one: they are left out.
    /// </summary>
    public static ModelPrice Of(ModelPrice price)
    {
        if (price is { BatchInput: null, BatchOutput: null })
            return price with { Tiers = [] };
        var (input, output) = (price.BatchInput ?? price.Input, price.BatchOutput ?? price.Output);
        return price with
        {
            Version = price.Version + ":batch",
            Input = input,
            Output = output,
            CacheRead = Least(price.CacheRead, input),
            CacheWrite = Least(price.CacheWrite, input),
            Reasoning = Least(price.Reasoning, output),
            Tiers = [],
        };
    }

    private static long? Least(long? price, long batch) => price is { } known ? Math.Min(known, batch) : null;
}
