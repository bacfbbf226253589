using Gateway.Errors;
using Gateway.Pipeline;

namespace Gateway.Routing;

/// <summary>Which route the requested model names, and whether it can serve what is asked.</summary>
internal sealed class RoutingStage : IStage
{
    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        context.Error = Resolve(context);
        return context.Error is null ? next(context) : ValueTask.CompletedTask;
    }

    private static GatewayError? Resolve(GatewayContext context)
    {
        if (context.Snapshot.Models.Resolve(context.Request.Model) is not { } route)
            return GatewayErrors.ModelNotFound(context.Request.Model);
        foreach (var target in route.Targets)
        {
            if (target.Price is null)
                return new GatewayError(ErrorKinds.UnknownPrice, $"The price of '{target.Address}' is not known, and this route refuses models without one.") { Param = "model" };
            if (!target.Provider.Endpoints.ContainsKey(context.Operation))
                return new GatewayError(ErrorKinds.UnsupportedOperation, $"The provider of '{context.Request.Model}' has no such endpoint.") { Param = "model" };
        }

        context.Route = route;
        return null;
    }
}
