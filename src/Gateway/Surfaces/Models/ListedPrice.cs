namespace Gateway.Surfaces.Models;

/// <summary>A price as lists show it, in USD. Members that are null are not known, or are charged as the class they are part of.</summary>
/// <param name="Version">Which price it is; one that begins with <c>ceiling:</c> is charged because the model's own is unknown.</param>
internal sealed record ListedPrice(string Version)
{
    /// <summary>A million input tokens.</summary>
    public decimal? Input { get; init; }

    /// <summary>A million output tokens.</summary>
    public decimal? Output { get; init; }

    /// <summary>A million input tokens read from the provider's cache.</summary>
    public decimal? CachedInput { get; init; }

    /// <summary>A million input tokens written to it.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>A million input tokens of audio.</summary>
    public decimal? AudioInput { get; init; }

    /// <summary>A million output tokens of audio.</summary>
    public decimal? AudioOutput { get; init; }

    /// <summary>A search of a reranker.</summary>
    public decimal? Search { get; init; }

    /// <summary>An image of the default size.</summary>
    public decimal? Image { get; init; }

    /// <summary>A million pixels.</summary>
    public decimal? Megapixel { get; init; }

    /// <summary>A minute of audio.</summary>
    public decimal? AudioMinute { get; init; }

    /// <summary>A million characters of text to speak.</summary>
    public decimal? MillionCharacters { get; init; }
}
