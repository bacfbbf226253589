using Gateway.Configuration.Rules;
using Gateway.Routing;
using Gateway.Routing.Policies;

namespace Gateway.Configuration.Routes;

/// <summary>One named route as declared.</summary>
/// <param name="Name">What clients ask for.</param>
/// <param name="Groups">Groups of targets in order of preference.</param>
internal sealed record RouteConfig(string Name, IReadOnlyList<TargetGroupConfig> Groups)
{
    /// <summary>Whether its groups are written as such; otherwise there is one, and its targets are written in the route itself.</summary>
    public bool IsGrouped { get; init; }

    /// <summary>The targets of all groups in their order.</summary>
    public IEnumerable<TargetConfig> Targets => Groups.SelectMany(g => g.Targets);

    /// <summary>Limits on waiting.</summary>
    public TimeoutsConfig Timeouts { get; init; } = new();

    /// <summary>How often and how soon providers are called again; it compiles to itself.</summary>
    public AttemptPolicy Attempts { get; init; } = AttemptPolicy.Default;

    /// <summary>What is done when a stream breaks after the client has seen part of it.</summary>
    public RescuePolicy Rescue { get; init; }

    /// <summary>Where its requests may be served; null: anywhere.</summary>
    public DataPolicy? Data { get; init; }

    /// <summary>What keeps requests of one conversation on one target.</summary>
    public AffinityPolicy Affinity { get; init; }

    /// <summary>The name of the header that <see cref="AffinityPolicy.Header"/> reads.</summary>
    public string? AffinityHeader { get; init; }

    /// <summary>What decides where its requests go instead, in order.</summary>
    public IReadOnlyList<RuleConfig> Rules { get; init; } = [];

    /// <summary>What to do with unknown prices; null: the common setting.</summary>
    public UnknownPricePolicy? UnknownPrice { get; init; }

    /// <summary>Whether a request is refused when a target can't be told all of it.</summary>
    public bool Strict { get; init; }
}
