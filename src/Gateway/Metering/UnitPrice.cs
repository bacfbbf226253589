namespace Gateway.Metering;

/// <summary>What a provider asks for something other than tokens, in nano-dollars (10⁻⁹ USD) each. Null members are not known.</summary>
/// <param name="Version">Names this price in ledger entries, e.g. <c>catalogue:2026-08-01</c>.</param>
internal sealed record UnitPrice(string Version)
{
    /// <summary>A search of a reranker: one query over as many documents as the provider counts as one.</summary>
    public long? Search { get; init; }

    /// <summary>An image of the model's default size and quality.</summary>
    public long? Image { get; init; }

    /// <summary>A million pixels of an image.</summary>
    public long? Megapixel { get; init; }

    /// <summary>A minute of audio, heard or spoken.</summary>
    public long? AudioMinute { get; init; }

    /// <summary>A million characters of text that is spoken.</summary>
    public long? MillionCharacters { get; init; }
}
