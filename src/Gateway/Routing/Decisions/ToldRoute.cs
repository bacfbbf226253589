using Gateway.Errors;
using Gateway.Pipeline;

namespace Gateway.Routing;

/// <summary>What may be said of the route of a request.</summary>
internal static class ToldRoute
{
    /// <summary>The route, or null when there is none, or none that the key may use: who may not use it is not told that it is there.</summary>
    public static RouteSnapshot? Of(GatewayContext context) => context.Error?.Kind == ErrorKinds.ModelNotFound ? null : context.Route;

    /// <summary>How targets were chosen, likewise.</summary>
    public static RoutingDecision? DecisionOf(GatewayContext context) => Of(context) is null ? null : context.Decision;
}
