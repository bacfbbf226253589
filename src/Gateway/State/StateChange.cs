namespace Gateway.State;

/// <summary>One change among several.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">UTF-8 JSON; null: delete.</param>
/// <param name="ETag">The ETag that was read; null: whatever is there.</param>
internal sealed record StateChange(string Key, ReadOnlyMemory<byte>? Value, string? ETag = null)
{
    /// <summary>When the value goes by itself, whole seconds; null: never.</summary>
    public TimeSpan? TimeToLive { get; init; }
}
