using Gateway.Transport;

namespace Gateway.Routing;

/// <summary>Where requests for one model name go, compiled.</summary>
internal sealed class RouteSnapshot
{
    /// <summary>The name clients ask for: an alias, <c>provider/model</c> or a bare model id.</summary>
    public required string Name { get; init; }

    /// <summary>Targets in order of preference; at least one.</summary>
    public required IReadOnlyList<TargetSnapshot> Targets { get; init; }

    /// <summary>Whether a request is refused when a target can't be told all of it.</summary>
    public bool Strict { get; init; }

    /// <summary>Limits on waiting: the route's own where it has them, otherwise the provider's.</summary>
    public required TimeoutPolicy Timeouts { get; init; }
}
