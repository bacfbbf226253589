namespace Gateway.Routing;

/// <summary>How targets were chosen for a request, and why others were not: what an operator is told who asks.</summary>
internal sealed class RoutingDecision
{
    private readonly List<SkippedTarget> _skipped = [];

    /// <summary>The name of the rule that chose, or null.</summary>
    public string? Rule { get; set; }

    /// <summary>The arm of an experiment that the request belongs to, or null.</summary>
    public string? Arm { get; set; }

    /// <summary>What was passed over, in the order in which it was.</summary>
    public IReadOnlyList<SkippedTarget> Skipped => _skipped;

    /// <summary>Notes a target that was passed over; the same one for the same reason only once.</summary>
    public void Skip(TargetSnapshot target, SkipReason reason)
    {
        var skipped = new SkippedTarget(target, reason);
        if (!_skipped.Contains(skipped))
            _skipped.Add(skipped);
    }
}
