namespace Gateway.Caching.Semantic;

/// <summary>What every index refuses, so that all refuse the same.</summary>
internal static class IndexBounds
{
    /// <summary>Largest payload, in bytes.</summary>
    public const int MaxPayloadBytes = 64 * 1024;

    /// <summary>Most matches of one search. With the largest payloads they still fit a gRPC message of 4 MiB.</summary>
    public const int MaxTop = 16;

    /// <summary>Most dimensions of a vector.</summary>
    public const int MaxDimensions = 8_192;

    /// <summary>Checks an entry.</summary>
    /// <exception cref="ArgumentException">It may not be stored.</exception>
    public static void Check(IndexEntry entry, int dimensions)
    {
        CheckVector(entry.Vector.Span, dimensions);
        if (entry.Payload.Length > MaxPayloadBytes)
            throw new ArgumentException($"A payload has at most {MaxPayloadBytes} bytes, not {entry.Payload.Length}.", nameof(entry));
    }

    /// <summary>Checks a search.</summary>
    /// <exception cref="ArgumentException">It makes no sense.</exception>
    public static void Check(IndexQuery query, int dimensions)
    {
        CheckVector(query.Vector.Span, dimensions);
        if (query.Top is < 1 or > MaxTop)
            throw new ArgumentException($"1 to {MaxTop} matches can be had, not {query.Top}.", nameof(query));
        if (query.LeastSimilarity is not (>= -1 and <= 1))
            throw new ArgumentException("A cosine is from -1 to 1.", nameof(query));
    }

    /// <summary>A time as all indexes keep it: whole seconds, cut, so that nothing is found later than it may be.</summary>
    public static long Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds();

    private static void CheckVector(ReadOnlySpan<float> vector, int dimensions)
    {
        if (vector.Length != dimensions)
            throw new ArgumentException($"The index's vectors have {dimensions} dimensions, not {vector.Length}.", nameof(vector));
        var square = VectorMath.Dot(vector, vector);
        if (!float.IsFinite(square) || square < VectorMath.LeastSquare)
            throw new ArgumentException("A vector has a direction: its numbers are finite and not all zero.", nameof(vector));
    }
}
