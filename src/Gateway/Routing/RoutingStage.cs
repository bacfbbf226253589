using Gateway.Errors;
using Gateway.Pipeline;

namespace Gateway.Routing;

/// <summary>Which route the requested model names.</summary>
internal sealed class RoutingStage : IStage
{
    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        if (context.Snapshot.Models.Resolve(context.Request.Model) is { } route)
        {
            context.Route = route;
            return next(context);
        }

        context.Error = GatewayErrors.ModelNotFound(context.Request.Model);
        return ValueTask.CompletedTask;
    }
}
