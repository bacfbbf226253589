using Gateway.Dialects;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>
/// The innermost stage: calls the route's targets in order until one has answered, or the client sees content. A connection that fails
/// before the provider said anything is tried once more on the same target.
/// </summary>
internal sealed class AttemptStage(UpstreamClients clients, Translation translation) : IStage
{
    private readonly WholeAttempt _whole = new(clients);
    private readonly StreamAttempt _stream = new(clients);
    private readonly MediaAttempt _media = new(clients);

    public async ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        foreach (var target in context.Route!.Targets)
        {
            if (target.Provider.WireFor(context.Operation) is not { } wire)
                continue; // it could not serve this; another of the route can
            var (lane, error) = wire == context.Operation && wire.IsRelayed() && !HoldsForeignSignature(context)
                ? (Lane.Relay(wire, context.Dialect), null)
                : await translation.OpenAsync(context, target, wire).ConfigureAwait(false);
            if (lane is null)
            {
                context.Error = error; // another target may be able to say it
                continue;
            }

            using (lane)
            {
                var end = await CallAsync(context, target, lane).ConfigureAwait(false);
                if (end == AttemptEnd.RetrySame && !IsSpent(context))
                    end = await CallAsync(context, target, lane).ConfigureAwait(false);
                if (end == AttemptEnd.Final || IsSpent(context))
                    break;
            }
        }

        await next(context).ConfigureAwait(false);
    }

    /// <summary>Whether part of the request went on without being kept, so that no other target can be told it.</summary>
    private static bool IsSpent(GatewayContext context) => context.Upload is { IsSpent: true };

    /// <summary>Whether the history has reasoning of another vendor than the wire's: the codec gives it to its own vendor and keeps it from others.</summary>
    private static bool HoldsForeignSignature(GatewayContext context) =>
        context.Dialect.WrapsSignatures && ForeignSignature.IsIn(context.Body!.WrittenSpan);

    private ValueTask<AttemptEnd> CallAsync(GatewayContext context, TargetSnapshot target, Lane lane)
    {
        context.Target = target;
        context.Wire = lane.Wire;
        context.Dropped = lane.Dropped;
        context.Error = null; // the last attempt's
        context.Attempts++;
        if (context.Operation.IsMedia())
            return _media.RunAsync(context, target, lane);
        return context.Request.Stream ? _stream.RunAsync(context, target, lane) : _whole.RunAsync(context, target, lane);
    }
}
