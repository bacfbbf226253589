using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing.Policies;

namespace Gateway.Routing;

/// <summary>
/// Whether the route can serve what is asked, and with which of its targets: those that may not be used are passed over while others are left.
/// Runs after access, so that what it says of a route is heard only by those who may use it.
/// </summary>
internal sealed class TargetCheckStage : IStage
{
    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        context.Error = Check(context);
        return context.Error is null ? next(context) : ValueTask.CompletedTask;
    }

    private static GatewayError? Check(GatewayContext context)
    {
        var (isServed, usable) = (false, 0);
        TargetSnapshot? refused = null;
        var targets = context.Route!.Targets;
        for (var i = 0; i < targets.Count; i++) // a foreach would allocate
        {
            var target = targets[i];
            if (Fault(context, target) is null)
            {
                isServed |= Serves(target, context);
                usable++;
                continue;
            }

            // Of several that can't be used, the caller hears of one that would have served.
            if (refused is null || (Serves(target, context) && !Serves(refused, context)))
                refused = target;
        }

        if (isServed)
        {
            if (usable < targets.Count)
                PassOver(context);
            return null;
        }

        return refused is not null && (Serves(refused, context) || usable == 0)
            ? Refusal(context, refused, Fault(context, refused)!.Value)
            : new GatewayError(ErrorKinds.UnsupportedOperation, $"No provider of '{context.Request.Model}' has such an endpoint.") { Param = "model" };
    }

    private static bool Serves(TargetSnapshot target, GatewayContext context) => target.Provider.WireFor(context.Operation) is not null;

    private static void PassOver(GatewayContext context)
    {
        var decision = context.Decision ??= new RoutingDecision();
        foreach (var target in context.Route!.Targets)
        {
            if (Fault(context, target) is { } reason)
                decision.Skip(target, reason);
        }

        context.Narrow(context.Route.Only(target => Fault(context, target) is null)!);
    }

    private static SkipReason? Fault(GatewayContext context, TargetSnapshot target) =>
        target.Price is null && !(context.Operation.IsRerank() && target.Card?.Units?.Search is not null) ? SkipReason.UnknownPrice
        : target.LacksKey ? SkipReason.NoKey
        : !DataPolicy.Allows(context, target.Provider) ? SkipReason.DataPolicy
        : null;

    private static GatewayError Refusal(GatewayContext context, TargetSnapshot target, SkipReason reason) => reason switch
    {
        SkipReason.UnknownPrice => new(ErrorKinds.UnknownPrice, $"The price of '{target.Address}' is not known, and this route refuses models without one.") { Param = "model" },
        SkipReason.NoKey => new(ErrorKinds.NoProviderKey, $"The gateway has no key for '{target.Address}': its keys of the provider '{target.Provider.Id}' are for other models.") { Param = "model" },
        _ => new(ErrorKinds.DataPolicy, $"No provider of '{context.Request.Model}' may have the data of this request: where it is, or how long it keeps data, is not what this route or key allows.") { Param = "model" },
    };
}
