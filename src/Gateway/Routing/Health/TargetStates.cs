using System.Collections.Concurrent;

namespace Gateway.Routing.Health;

/// <summary>The live states of all targets, found when a target is compiled and never on the way of a request. They outlive snapshots.</summary>
internal sealed class TargetStates(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TargetState> _states = new(StringComparer.Ordinal);

    /// <summary>Those there are, in no order.</summary>
    public IEnumerable<TargetState> All => _states.Values;

    /// <summary>The state of an address.</summary>
    public TargetState Of(string address) => _states.GetOrAdd(address, static (a, t) => new TargetState(a, t), time);
}
