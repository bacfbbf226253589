namespace Gateway.Routing.Strategies;

/// <summary>The first that can serve.</summary>
internal sealed class PriorityStrategy : TargetStrategy
{
    /// <summary>The only one: it keeps nothing.</summary>
    public static PriorityStrategy Instance { get; } = new();

    public override string Name => "priority";

    public override int Choose(ReadOnlySpan<TargetSnapshot> candidates, in RouteQuestion question) => 0;
}
