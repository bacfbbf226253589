using System.Collections.Concurrent;

namespace Gateway.Routing.Health;

/// <summary>The live states of all targets, found when a target is compiled and never on the way of a request. They outlive snapshots.</summary>
/// <param name="time">The clock.</param>
/// <param name="random">Numbers of [0, 1) for the moments of trials; the usual ones when null.</param>
internal sealed class TargetStates(TimeProvider time, Func<double>? random)
{
    /// <summary>How many are kept. Any caller may name models that are not there: those beyond are made for one use, and remember nothing.</summary>
    public const int Most = 65_536;

    /// <summary>The most targets that metrics tell of.</summary>
    public const int MostMeasured = 500;

    private readonly ConcurrentDictionary<string, TargetState> _states = new(StringComparer.Ordinal);
    private readonly HashSet<TargetState> _measured = [];
    private readonly ConcurrentDictionary<string, Gate> _providers = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>None yet.</summary>
    /// <param name="time">The clock.</param>
    public TargetStates(TimeProvider time)
        : this(time, null)
    {
    }

    /// <summary>Those there are, in no order.</summary>
    public IEnumerable<TargetState> All => _states.Values;

    /// <summary>Those that have been called, in no order.</summary>
    public IEnumerable<TargetState> Called => _states.Values.Where(s => s.Vitals is not null);

    /// <summary>Of those that have been called the first <see cref="MostMeasured"/> that were looked at: what metrics tell of.</summary>
    public IReadOnlyCollection<TargetState> Measured
    {
        get
        {
            lock (_measured)
            {
                foreach (var state in Called)
                {
                    if (_measured.Count >= MostMeasured)
                        break;
                    _measured.Add(state);
                }

                return [.. _measured];
            }
        }
    }

    /// <summary>The state of an address.</summary>
    public TargetState Of(string address)
    {
        if (_states.TryGetValue(address, out var state))
            return state;
        var slash = address.IndexOf('/', StringComparison.Ordinal);
        var made = new TargetState(address, time, _providers.GetOrAdd(slash < 0 ? address : address[..slash], static (_, t) => new Gate(t, adaptive: null), time), random);
        if (Volatile.Read(ref _count) >= Most)
            return made;
        state = _states.GetOrAdd(address, made);
        if (state == made)
            Interlocked.Increment(ref _count);
        return state;
    }

    /// <summary>The state of an address, if there is one.</summary>
    public TargetState? Find(string address) => _states.GetValueOrDefault(address);

    /// <summary>The places of a provider, for all its targets together; null while none of its targets is known.</summary>
    public Gate? Provider(string id) => _providers.GetValueOrDefault(id);

    /// <summary>Takes up the limits that a configuration sets; where it sets none, none holds but what targets turn out to bear.</summary>
    /// <param name="routes">Every route there is. Of several that limit the same target, the strictest counts.</param>
    public void Limit(IEnumerable<RouteSnapshot> routes)
    {
        var (targets, providers) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var target in routes.SelectMany(r => r.Targets))
        {
            if (target.MaxConcurrency is { } limit)
                targets[target.State.Address] = Math.Min(limit, targets.GetValueOrDefault(target.State.Address, int.MaxValue));
            if (target.Provider.MaxConcurrency is { } all)
                providers[target.Provider.Id] = all;
        }

        foreach (var (id, gate) in _providers)
            gate.Fixed = providers.TryGetValue(id, out var all) ? all : null;
        foreach (var (address, state) in _states)
            state.MaxConcurrency = targets.TryGetValue(address, out var limit) ? limit : null;
    }
}
