namespace Gateway.Jobs.Usage;

/// <summary>Which replicas have sums of an hour. Written before the first of them, so that none is overlooked.</summary>
internal sealed class HourIndex
{
    /// <summary>The replicas, in the order of their appearance.</summary>
    public List<string> Replicas { get; init; } = [];
}
