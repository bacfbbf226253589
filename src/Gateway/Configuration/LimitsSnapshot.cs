namespace Gateway.Configuration;

/// <summary>Process-wide bounds; see the <c>limits</c> section of gateway.json.</summary>
internal sealed record LimitsSnapshot
{
    /// <summary>Largest request body in bytes; larger is 413. Default 32 MiB.</summary>
    public long MaxRequestBytes { get; init; } = 32L << 20;

    /// <summary>Largest non-streamed reply in bytes; larger is 502. Default 64 MiB.</summary>
    public int MaxReplyBytes { get; init; } = 64 << 20;

    /// <summary>Largest single stream event in bytes; larger interrupts the stream. Default 16 MiB.</summary>
    public int MaxEventBytes { get; init; } = 16 << 20;

    /// <summary>Requests served at once; above it 503 with Retry-After. Default 5,000.</summary>
    public int MaxConcurrentRequests { get; init; } = 5_000;

    /// <summary>Bytes of request bodies held at once over all requests; above it 503 with Retry-After. Default 1 GiB.</summary>
    public long MaxBytesInFlight { get; init; } = 1L << 30;
}
