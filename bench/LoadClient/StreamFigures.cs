namespace LoadClient;

/// <summary>What a stream run found for one target. Times are in microseconds.</summary>
internal sealed record StreamFigures
{
    public required string Target { get; init; }

    public required int Streams { get; init; }

    /// <summary>Streams that failed, held an error or ended without <c>[DONE]</c>.</summary>
    public required int Broken { get; init; }

    /// <summary>Content events expected and not received in order, over all streams.</summary>
    public required long LostEvents { get; init; }

    public required double FirstContentP50 { get; init; }

    public required double FirstContentP99 { get; init; }

    public required double GapP50 { get; init; }

    public required double GapP99 { get; init; }

    public required double TotalP50 { get; init; }

    public required double TotalP99 { get; init; }
}
