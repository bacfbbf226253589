namespace Gateway.Surfaces.Models;

/// <summary>A price as lists show it: USD per million tokens.</summary>
/// <param name="Version">Which price it is; one that begins with <c>ceiling:</c> is charged because the model's own is unknown.</param>
/// <param name="Input">Input tokens.</param>
/// <param name="Output">Output tokens.</param>
/// <param name="CachedInput">Input tokens read from the provider's cache; null: as input.</param>
/// <param name="CacheWrite">Input tokens written to it; null: as input.</param>
internal sealed record ListedPrice(string Version, decimal Input, decimal Output, decimal? CachedInput, decimal? CacheWrite);
