namespace Gateway.Caching.Semantic;

/// <summary>How much an index in memory may hold.</summary>
internal sealed record MemoryIndexOptions
{
    /// <summary>Dimensions of the vectors: 1 to <see cref="IndexBounds.MaxDimensions"/>.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Most entries, &gt; 0; beyond, the one stored longest ago goes.</summary>
    public int MaxEntries { get; init; } = 20_000;

    /// <summary>Most bytes of vectors and payloads, with what is around them; beyond, likewise. At least 1 MiB.</summary>
    public long MaxBytes { get; init; } = 128L << 20;
}
