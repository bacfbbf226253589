namespace Gateway.Jobs.Health;

/// <summary>What a replica tells the others of a target.</summary>
internal sealed record TargetNote
{
    /// <summary>The target.</summary>
    public string Address { get; init; } = "";

    /// <summary>Until when the others have reason to doubt it: its circuit is open here.</summary>
    public DateTimeOffset? SuspectUntil { get; init; }

    /// <summary>Until when it wants to be left alone, as it said itself.</summary>
    public DateTimeOffset? CoolUntil { get; init; }
}
