using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Protocol;

namespace Gateway.Routing;

/// <summary>Whether the route can serve what is asked. Runs after access, so that what it says of a route is heard only by those who may use it.</summary>
internal sealed class TargetCheckStage : IStage
{
    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        context.Error = Check(context);
        return context.Error is null ? next(context) : ValueTask.CompletedTask;
    }

    private static GatewayError? Check(GatewayContext context)
    {
        var isServed = false;
        foreach (var target in context.Route!.Targets)
        {
            if (target.Price is null && !(context.Operation.IsRerank() && target.Card?.Units?.Search is not null))
                return new GatewayError(ErrorKinds.UnknownPrice, $"The price of '{target.Address}' is not known, and this route refuses models without one.") { Param = "model" };
            if (target.LacksKey)
                return new GatewayError(ErrorKinds.NoProviderKey, $"The gateway has no key for '{target.Address}': its keys of the provider '{target.Provider.Id}' are for other models.") { Param = "model" };
            isServed |= target.Provider.WireFor(context.Operation) is not null;
        }

        return isServed ? null : new GatewayError(ErrorKinds.UnsupportedOperation, $"No provider of '{context.Request.Model}' has such an endpoint.") { Param = "model" };
    }
}
