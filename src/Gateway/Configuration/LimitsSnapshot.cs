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

    /// <summary>Requests served at once; above it they wait. Default 5,000.</summary>
    public int MaxConcurrentRequests { get; init; } = 5_000;

    /// <summary>Requests that wait at once, of each tenant its share; above it 503 with Retry-After. Default 1,000.</summary>
    public int MaxQueuedRequests { get; init; } = 1_000;

    /// <summary>How long a request waits at most; then 503 with Retry-After. Default 2 s.</summary>
    public TimeSpan MaxQueueWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Output tokens that budgets reserve for a request that names no maximum, of a model whose own is not known. Default 16,384.</summary>
    public int AssumedMaxOutputTokens { get; init; } = 16_384;

    /// <summary>Bytes of request bodies held at once over all requests; above it 503 with Retry-After. Default 1 GiB.</summary>
    public long MaxBytesInFlight { get; init; } = 1L << 30;
}
