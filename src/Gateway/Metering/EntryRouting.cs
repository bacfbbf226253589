using Gateway.Pipeline;
using Gateway.Routing;
using Gateway.Routing.Attempts;

namespace Gateway.Metering;

/// <summary>What an entry says of the way that its request took.</summary>
internal static class EntryRouting
{
    /// <summary>The named route, or null when the request asked for a model of a provider: that has a way to itself.</summary>
    public static string? RouteOf(GatewayContext context) =>
        ToldRoute.Of(context) is { } route && (route.Targets.Count > 1 || (route.Name != route.Targets[0].Model && route.Name != route.Targets[0].Address)) ? route.Name : null;

    /// <summary>The id of the provider's key that an attempt used; null where there is no other, because then it goes without saying.</summary>
    public static string? ProviderKeyOf(Attempt? attempt) => attempt?.Target.Credentials is { Keys.Count: > 1 } ? attempt.Key?.Id : null;

    /// <summary>What OpenTelemetry calls a provider that was called; null when none was.</summary>
    public static string? TelemetryNameOf(GatewayContext context, string provider)
    {
        for (var i = 0; i < context.Attempts.Count; i++)
        {
            if (context.Attempts[i].Target.Provider is var called && called.Id == provider)
                return called.TelemetryName;
        }

        return null;
    }
}
