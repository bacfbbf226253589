using Gateway.Metering;

namespace Gateway.Providers.Catalogue;

/// <summary>Finds the dearest price of a set of models, class by class.</summary>
internal static class PriceCeiling
{
    /// <summary>The dearest of every class over all chat models and their tiers, or null when none of them costs anything.</summary>
    public static ModelPrice? Of(string version, IEnumerable<ModelCard> cards)
    {
        long input = 0, output = 0, cacheRead = 0, cacheWrite = 0, reasoning = 0, audioInput = 0, audioOutput = 0;
        foreach (var card in cards)
        {
            if (card.Price is not { } price || card.Mode != "chat")
                continue;
            Raise(price);
            foreach (var tier in price.Tiers)
                Raise(tier.Price);
        }

        if (input == 0 && output == 0)
            return null;
        return new ModelPrice(version, input, output)
        {
            CacheRead = cacheRead,
            CacheWrite = cacheWrite,
            Reasoning = reasoning,
            AudioInput = audioInput,
            AudioOutput = audioOutput,
        };

        void Raise(ModelPrice price)
        {
            input = Math.Max(input, price.Input);
            output = Math.Max(output, price.Output);
            cacheRead = Math.Max(cacheRead, price.CacheRead ?? price.Input);
            cacheWrite = Math.Max(cacheWrite, price.CacheWrite ?? price.Input);
            reasoning = Math.Max(reasoning, price.Reasoning ?? price.Output);
            audioInput = Math.Max(audioInput, price.AudioInput ?? price.Input);
            audioOutput = Math.Max(audioOutput, price.AudioOutput ?? price.Output);
        }
    }
}
