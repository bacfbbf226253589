namespace Gateway.Jobs.Usage;

/// <summary>The sums of a day or month, of all replicas together. What does not fit is in further values of the same version, written before this one.</summary>
internal sealed class SpanRollup
{
    /// <summary>Which computation it is of.</summary>
    public string Version { get; init; } = "";

    /// <summary>How many values it has, this one included.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>The sums.</summary>
    public List<RollupLine> Lines { get; init; } = [];
}
