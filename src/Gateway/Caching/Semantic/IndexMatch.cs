namespace Gateway.Caching.Semantic;

/// <summary>What was found.</summary>
/// <param name="Id">The entry's id.</param>
/// <param name="Similarity">Cosine similarity of the two vectors: -1 to 1, give or take rounding.</param>
/// <param name="Payload">As it was stored.</param>
/// <param name="Expires">From when on it will not be found, in whole seconds.</param>
internal sealed record IndexMatch(UInt128 Id, float Similarity, ReadOnlyMemory<byte> Payload, DateTimeOffset Expires);
