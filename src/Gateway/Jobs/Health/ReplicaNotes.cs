namespace Gateway.Jobs.Health;

/// <summary>What one replica has to tell of targets.</summary>
internal sealed record ReplicaNotes
{
    /// <summary>The replica.</summary>
    public string Replica { get; init; } = "";

    /// <summary>When nothing of it counts any more.</summary>
    public DateTimeOffset Expires { get; init; }

    /// <summary>Targets that something is wrong with.</summary>
    public List<TargetNote> Targets { get; init; } = [];
}
