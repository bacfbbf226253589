using System.Text.Json.Serialization;

namespace Gateway.Metering;

/// <summary>The calls of providers of one ledger entry, where there is more to tell than the entry's own fields say.</summary>
/// <param name="List">In the order in which they began.</param>
internal sealed record AttemptList(IReadOnlyList<AttemptEntry> List)
{
    /// <summary>The version that is written. Members may be added within a version; a new one changes what members mean.</summary>
    public const int Current = 1;

    /// <summary>The version it was written in.</summary>
    [JsonPropertyOrder(-1)]
    public int V { get; init; } = Current;

    public bool Equals(AttemptList? other) => other is not null && V == other.V && List.SequenceEqual(other.List);

    public override int GetHashCode() => HashCode.Combine(V, List.Count);
}
