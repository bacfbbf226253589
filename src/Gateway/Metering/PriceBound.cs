namespace Gateway.Metering;

/// <summary>The most that tokens can cost at a price, whatever class they turn out to be of: no reply is charged more by <see cref="CostCalculator"/>.</summary>
internal sealed class PriceBound
{
    private const long TokensPerPrice = 1_000_000;

    // Rising thresholds of input, each with the dearest prices of all steps up to it: which of them will apply is not known beforehand.
    private readonly Step[] _steps;

    public PriceBound(ModelPrice price)
    {
        _steps = new Step[price.Tiers.Count + 1];
        _steps[0] = new Step(0, Input(price), Output(price));
        for (var i = 1; i < _steps.Length; i++)
        {
            var tier = price.Tiers[i - 1];
            _steps[i] = new Step(tier.AboveInputTokens, Math.Max(_steps[i - 1].Input, Input(tier.Price)), Math.Max(_steps[i - 1].Output, Output(tier.Price)));
        }
    }

    /// <summary>The most that so many tokens cost, in nano-dollars; at most <see cref="long.MaxValue"/>.</summary>
    /// <param name="input">Input tokens at most, ≥ 0.</param>
    /// <param name="output">Output tokens at most, ≥ 0.</param>
    public long Cost(long input, long output)
    {
        var step = For(input);
        var total = ((Int128)input * step.Input) + ((Int128)output * step.Output);
        return (long)Int128.Min((total + (TokensPerPrice - 1)) / TokensPerPrice, long.MaxValue);
    }

    /// <summary>The most output tokens that an amount is sure to pay for beside an input; may be negative.</summary>
    /// <param name="nanoUsd">The amount in nano-dollars, ≥ 0.</param>
    /// <param name="input">Input tokens at most, ≥ 0.</param>
    public long OutputFor(long nanoUsd, long input)
    {
        var step = For(input);
        var left = ((Int128)nanoUsd * TokensPerPrice) - ((Int128)input * step.Input);
        if (left < 0)
            return -1;
        return step.Output == 0 ? long.MaxValue : (long)Int128.Min(left / step.Output, long.MaxValue);
    }

    private static long Input(ModelPrice price) =>
        Math.Max(Math.Max(price.Input, price.CacheRead ?? 0), Math.Max(price.CacheWrite ?? 0, price.AudioInput ?? 0));

    private static long Output(ModelPrice price) => Math.Max(price.Output, Math.Max(price.Reasoning ?? 0, price.AudioOutput ?? 0));

    private Step For(long input)
    {
        for (var i = _steps.Length - 1; i > 0; i--)
        {
            if (input > _steps[i].Above)
                return _steps[i];
        }

        return _steps[0];
    }

    private readonly record struct Step(long Above, long Input, long Output);
}
