using Gateway.Pipeline;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>
/// The innermost stage: calls the route's targets in order until one has answered, or the client sees content. A connection that fails
/// before the provider said anything is tried once more on the same target.
/// </summary>
internal sealed class AttemptStage(UpstreamClients clients) : IStage
{
    private readonly WholeAttempt _whole = new(clients);
    private readonly StreamAttempt _stream = new(clients);

    public async ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        foreach (var target in context.Route!.Targets)
        {
            var end = await CallAsync(context, target).ConfigureAwait(false);
            if (end == AttemptEnd.RetrySame)
                end = await CallAsync(context, target).ConfigureAwait(false);
            if (end == AttemptEnd.Final)
                break;
        }

        await next(context).ConfigureAwait(false);
    }

    private ValueTask<AttemptEnd> CallAsync(GatewayContext context, TargetSnapshot target)
    {
        context.Target = target;
        context.Error = null; // the last attempt's
        context.Attempts++;
        return context.Request.Stream ? _stream.RunAsync(context, target) : _whole.RunAsync(context, target);
    }
}
