using Gateway.Routing.Policies;
using Gateway.Routing.Strategies;
using Gateway.Transport;

namespace Gateway.Routing;

/// <summary>Where requests for one model name go, compiled. A record for the sake of <c>with</c>, which forgets no member; only identity tells routes apart.</summary>
internal sealed record RouteSnapshot
{
    /// <summary>The most targets of one route: an attempt remembers which it has been through in one word.</summary>
    public const int MostTargets = 64;

    private readonly IReadOnlyList<TargetGroup> _groups = [];

    /// <summary>The name clients ask for: an alias, <c>provider/model</c> or a bare model id.</summary>
    public required string Name { get; init; }

    /// <summary>Groups in order of preference, at least one: the next is used when no target of those before it can serve.</summary>
    public required IReadOnlyList<TargetGroup> Groups
    {
        get => _groups;
        init => (_groups, Targets) = (value, value.Count == 1 ? value[0].Targets : [.. value.SelectMany(g => g.Targets)]);
    }

    /// <summary>The targets of all groups in their order; 1 to <see cref="MostTargets"/>.</summary>
    public IReadOnlyList<TargetSnapshot> Targets { get; private init; } = [];

    /// <summary>Whether a request is refused when a target can't be told all of it.</summary>
    public bool Strict { get; init; }

    /// <summary>Limits on waiting: the route's own where it has them, otherwise the provider's.</summary>
    public required TimeoutPolicy Timeouts { get; init; }

    /// <summary>How often and how soon providers are called again.</summary>
    public AttemptPolicy Attempts { get; init; } = AttemptPolicy.Default;

    /// <summary>What is done when a stream breaks after the client has seen part of it.</summary>
    public RescuePolicy Rescue { get; init; }

    /// <summary>Where requests of this route may be served; null: anywhere.</summary>
    public DataPolicy? Data { get; init; }

    /// <summary>What keeps requests of one conversation on one target.</summary>
    public AffinityPolicy Affinity { get; init; }

    /// <summary>The name of the header that <see cref="AffinityPolicy.Header"/> reads.</summary>
    public string? AffinityHeader { get; init; }

    /// <summary>The part of this route that is left with some of its targets only.</summary>
    /// <param name="keeps">Which stay.</param>
    /// <returns>This very route when all stay; null when none does.</returns>
    public RouteSnapshot? Only(Func<TargetSnapshot, bool> keeps)
    {
        if (Targets.All(keeps))
            return this;
        List<TargetGroup> left = [.. Groups.Select(g => g.Only(keeps)).OfType<TargetGroup>()];
        return left.Count == 0 ? null : this with { Groups = left };
    }
}
