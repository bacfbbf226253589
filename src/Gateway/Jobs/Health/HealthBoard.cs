namespace Gateway.Jobs.Health;

/// <summary>The one value through which replicas tell each other what is wrong with targets.</summary>
internal sealed record HealthBoard
{
    /// <summary>Its key in the state store.</summary>
    public const string Key = "health:targets";

    /// <summary>By replica; those without anything to tell are not in it.</summary>
    public List<ReplicaNotes> Replicas { get; init; } = [];
}
