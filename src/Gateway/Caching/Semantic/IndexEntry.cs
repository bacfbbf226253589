namespace Gateway.Caching.Semantic;

/// <summary>What is stored.</summary>
/// <param name="Id">Unique in its scope; an entry with the same id is replaced.</param>
/// <param name="Vector">Finite, not all zero, of the index's dimensions; its length does not count. Copied.</param>
/// <param name="Payload">What a match gives back, or where that is kept: at most <see cref="IndexBounds.MaxPayloadBytes"/>. Copied.</param>
/// <param name="Expires">From when on it is not found, cut to whole seconds.</param>
internal sealed record IndexEntry(UInt128 Id, ReadOnlyMemory<float> Vector, ReadOnlyMemory<byte> Payload, DateTimeOffset Expires);
