using Gateway.Routing.Strategies;

namespace Gateway.Routing;

/// <summary>Targets of a route that may stand for each other, and how one of them is chosen.</summary>
/// <param name="Targets">At least one.</param>
/// <param name="Strategy">Chooses among those that can serve.</param>
internal sealed record TargetGroup(IReadOnlyList<TargetSnapshot> Targets, TargetStrategy Strategy)
{
    /// <summary>A group that uses its targets in the order written.</summary>
    public static TargetGroup InOrder(params IReadOnlyList<TargetSnapshot> targets) => new(targets, PriorityStrategy.Instance);

    /// <summary>What is left with some targets only: itself when all stay, null when none does.</summary>
    public TargetGroup? Only(Func<TargetSnapshot, bool> keeps)
    {
        List<TargetSnapshot> left = [.. Targets.Where(keeps)];
        return left.Count == 0 ? null : left.Count == Targets.Count ? this : this with { Targets = left };
    }
}
