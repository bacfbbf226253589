namespace Gateway.Caching.Semantic;

/// <summary>What is looked for.</summary>
/// <param name="Vector">As <see cref="IndexEntry.Vector"/>.</param>
/// <param name="Top">Most matches wanted: 1 to <see cref="IndexBounds.MaxTop"/>.</param>
/// <param name="LeastSimilarity">Least cosine similarity of a match: -1 to 1.</param>
/// <param name="Now">What has expired by then is not found.</param>
internal sealed record IndexQuery(ReadOnlyMemory<float> Vector, int Top, float LeastSimilarity, DateTimeOffset Now);
