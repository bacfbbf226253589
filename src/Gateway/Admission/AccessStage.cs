using Gateway.Errors;
using Gateway.Pipeline;

namespace Gateway.Admission;

/// <summary>Whether the caller may use the route that was found, and which of its targets.</summary>
internal sealed class AccessStage : IStage
{
    public ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        if (context.Key!.Access.Of(context.Route!) is { } allowed)
        {
            context.Narrow(allowed);
            return next(context);
        }

        // Answered like a model that is not there: names are nobody else's business.
        context.Error = GatewayErrors.ModelNotFound(context.Request.Model);
        return ValueTask.CompletedTask;
    }
}
