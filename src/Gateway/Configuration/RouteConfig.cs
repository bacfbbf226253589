using Gateway.Routing;

namespace Gateway.Configuration;

/// <summary>One named route as declared.</summary>
/// <param name="Name">What clients ask for.</param>
/// <param name="Targets"><c>provider/model</c> addresses in order of preference.</param>
internal sealed record RouteConfig(string Name, IReadOnlyList<string> Targets)
{
    /// <summary>Limits on waiting.</summary>
    public TimeoutsConfig Timeouts { get; init; } = new();

    /// <summary>What to do with unknown prices; null: the common setting.</summary>
    public UnknownPricePolicy? UnknownPrice { get; init; }

    /// <summary>Whether a request is refused when a target can't be told all of it.</summary>
    public bool Strict { get; init; }
}
