using Gateway.Routing;
using Gateway.Routing.Strategies;

namespace Gateway.Benchmarks.Operations;

/// <summary>Choosing among targets that can all serve.</summary>
/// <param name="strategy">The strategy's name.</param>
/// <param name="targets">How many there are.</param>
internal sealed class ChooseOperation(string strategy, int targets)
{
    private readonly TargetStrategy _strategy = TargetStrategies.Create(strategy)!;
    private readonly TargetSnapshot[] _targets = RoutingTargets.Create(targets);
    private readonly ulong _affinity = strategy == "hash" ? 7u : 0u;

    /// <summary>Chooses once.</summary>
    public int Run() => _strategy.Pick(_targets, new RouteQuestion(TimeProvider.System.GetTimestamp(), _affinity, 250, 0));
}
