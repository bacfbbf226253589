namespace Gateway.State.Dapr;

/// <summary>
/// What stands for a deleted value for a while. Some stores begin to count versions anew under a deleted key, and take any ETag for a key that
/// is not there; so a writer who read the value before it was deleted would bring it back.
/// </summary>
internal static class Tombstone
{
    /// <summary>How long it stays: longer than anybody holds an ETag.</summary>
    public static readonly TimeSpan TimeToLive = TimeSpan.FromHours(1);

    /// <summary>The value that stands for none.</summary>
    public static ReadOnlyMemory<byte> Value { get; } = "{\"$deleted\":true}"u8.ToArray();

    /// <summary>Whether a value is one.</summary>
    public static bool Is(ReadOnlyMemory<byte> value) => value.Span.SequenceEqual(Value.Span);
}
