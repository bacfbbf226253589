using Gateway.Pipeline;
using Gateway.Providers;

namespace Gateway.Routing.Policies;

/// <summary>Where data may go. An empty list allows everything; a target that does not say where it is, or how long it keeps data, is allowed only by an empty one.</summary>
/// <param name="Residencies">Regions of the law, such as <c>eu</c>.</param>
/// <param name="Retentions">Classes of retention, such as <c>none</c> or <c>30d</c>.</param>
internal sealed record DataPolicy(IReadOnlyList<string> Residencies, IReadOnlyList<string> Retentions)
{
    /// <summary>Whether it was made of policies that have nothing in common: then data may go nowhere.</summary>
    public bool IsNowhere { get; private init; }

    /// <summary>A policy; null when both lists are.</summary>
    public static DataPolicy? Of(IReadOnlyList<string>? residencies, IReadOnlyList<string>? retentions) =>
        residencies is null && retentions is null ? null : new DataPolicy(residencies ?? [], retentions ?? []);

    /// <summary>What two policies allow together; null when there is none.</summary>
    public static DataPolicy? Both(DataPolicy? one, DataPolicy? other)
    {
        if (one is null || other is null)
            return one ?? other;
        return new DataPolicy(Both(one.Residencies, other.Residencies), Both(one.Retentions, other.Retentions))
        {
            IsNowhere = one.IsNowhere || other.IsNowhere || AreApart(one.Residencies, other.Residencies) || AreApart(one.Retentions, other.Retentions),
        };
    }

    /// <summary>Whether the data of a request may go to a provider: its route and its key must both allow that. To be asked before every call.</summary>
    public static bool Allows(GatewayContext context, ProviderSnapshot provider) => Allows(context.Route, context.Key?.Data, provider);

    /// <summary>Whether the data of requests for a route, by a key of this policy, may go to a provider: both must allow that.</summary>
    public static bool Allows(RouteSnapshot? route, DataPolicy? key, ProviderSnapshot provider) =>
        route?.Data?.Allows(provider) != false && key?.Allows(provider) != false;

    /// <summary>Whether data may go to a provider.</summary>
    public bool Allows(ProviderSnapshot provider) => Allows(provider.Residency, provider.Retention);

    /// <summary>Whether data may go to a place.</summary>
    public bool Allows(string? residency, string? retention) =>
        !IsNowhere && (Residencies.Count == 0 || (residency is not null && Residencies.Contains(residency))) && (Retentions.Count == 0 || (retention is not null && Retentions.Contains(retention)));

    private static IReadOnlyList<string> Both(IReadOnlyList<string> one, IReadOnlyList<string> other) =>
        one.Count == 0 ? other : other.Count == 0 ? one : [.. one.Where(other.Contains)];

    private static bool AreApart(IReadOnlyList<string> one, IReadOnlyList<string> other) => one.Count > 0 && other.Count > 0 && !one.Any(other.Contains);
}
