using Gateway.Errors;
using Gateway.Pipeline;
using Gateway.Routing.Shadow;

namespace Gateway.Routing.Rules;

/// <summary>
/// Lets the rules of a route choose where a request goes, refuse it or mirror it. Runs after access, whose answer it asks for again where a rule names other targets,
/// and before what is estimated from the targets. Where there are no rules it costs nothing.
/// </summary>
/// <param name="budgets">How callers' budgets stand.</param>
/// <param name="shadows">Takes copies of requests.</param>
internal sealed class RuleStage(IBudgetUse budgets, ShadowQueue shadows) : IStage
{
    /// <summary>Where a client tags its request: names separated by commas.</summary>
    public const string TagsHeader = "x-gateway-tags";

    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        if (context.Snapshot.Rules?.Of(context.Route!.Name) is not { } rules)
            return next(context);
        var facts = new RuleFacts(context, budgets);
        rules.Decide(ref facts, out var decided, out var mirrored);
        if (decided is not null && !Apply(decided, ref facts))
            return ValueTask.CompletedTask;
        return mirrored is null ? next(context) : MirrorAsync(context, mirrored, next);
    }

    private static bool Apply(Rule rule, ref RuleFacts facts)
    {
        var context = facts.Context;
        var decision = context.Decision ??= new RoutingDecision();
        decision.Rule = rule.Name;
        if (rule.Deny is { } message)
        {
            context.Error = new GatewayError(ErrorKinds.RuleDenied, message);
            return false;
        }

        var arm = rule.Choose(ref facts);
        decision.Arm = arm.Name;
        // The route as it was found: it is the same for all callers, so that what they may use of it is remembered.
        var route = arm.Of(context.Snapshot.Models.Resolve(context.Request.Model) ?? context.Route!);
        if (context.Key!.Access.Of(route) is not { } allowed)
        {
            context.Error = GatewayErrors.ModelNotFound(context.Request.Model);
            return false;
        }

        context.Narrow(allowed);
        return true;
    }

    private async ValueTask MirrorAsync(GatewayContext context, Rule rule, StageDelegate next)
    {
        await next(context).ConfigureAwait(false);
        if (context.Attempts.Count == 0 || context.Body is null)
            return; // no provider was asked, or the request can't be sent again
        var tidy = context.AfterDelivery;
        context.AfterDelivery = async () =>
        {
            if (tidy is not null)
                await tidy().ConfigureAwait(false);
            shadows.Offer(context, rule.Name, rule.Shadow!);
        };
    }
}
