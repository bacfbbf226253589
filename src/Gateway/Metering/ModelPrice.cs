namespace Gateway.Metering;

/// <summary>
/// The price of a model: nano-dollars (10⁻⁹ USD) per million tokens of each class, which is USD per million tokens × 10⁹ and so
/// holds every published price exactly. A null class is charged as the class it is part of.
/// </summary>
/// <param name="Version">Names this price in ledger entries, e.g. <c>catalogue:2026-08-01</c> or <c>config:…</c>.</param>
/// <param name="Input">Input tokens that were neither read from nor written to a cache.</param>
/// <param name="Output">Output tokens.</param>
internal sealed record ModelPrice(string Version, long Input, long Output)
{
    /// <summary>Input tokens read from the provider's cache; null: as <see cref="Input"/>.</summary>
    public long? CacheRead { get; init; }

    /// <summary>Input tokens written to the provider's cache; null: as <see cref="Input"/>.</summary>
    public long? CacheWrite { get; init; }

    /// <summary>Reasoning tokens; null: as <see cref="Output"/>.</summary>
    public long? Reasoning { get; init; }

    /// <summary>Audio input tokens; null: as <see cref="Input"/>.</summary>
    public long? AudioInput { get; init; }

    /// <summary>Audio output tokens; null: as <see cref="Output"/>.</summary>
    public long? AudioOutput { get; init; }

    /// <summary>Input tokens of a batch; null: as <see cref="Input"/>.</summary>
    public long? BatchInput { get; init; }

    /// <summary>Output tokens of a batch; null: as <see cref="Output"/>.</summary>
    public long? BatchOutput { get; init; }

    /// <summary>Prices for requests whose input exceeds a number of tokens, ascending; the highest threshold exceeded applies to the whole request.</summary>
    public IReadOnlyList<PriceTier> Tiers { get; init; } = [];
}
