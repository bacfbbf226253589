using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing.Attempts;
using Gateway.Transport;
using Microsoft.Extensions.Logging;

namespace Gateway.Routing.Realtime;

/// <summary>The innermost stage of a Realtime session: opens the provider's socket, then the client's, and carries messages until one of them ends.</summary>
/// <param name="clients">Opens the provider's.</param>
/// <param name="ledger">Where responses are recorded.</param>
/// <param name="observer">Told of them.</param>
/// <param name="drain">Says when the process is about to stop.</param>
/// <param name="isKeyGood">Whether a request's key is still good; asked every <see cref="RealtimeSession.KeyCheck"/>.</param>
/// <param name="logger">Told what could not be recorded.</param>
internal sealed class RealtimeStage(
    UpstreamClients clients, ILedger ledger, IReplyObserver observer, SessionDrain drain, Predicate<GatewayContext> isKeyGood, ILogger<RealtimeMeter> logger) : IStage
{
    private const string Protocol = "realtime";

    private readonly RealtimeConnector _connector = new(clients);

    public async ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        using var upstream = await ConnectAsync(context).ConfigureAwait(false);
        if (upstream is not null)
            await ServeAsync(context, upstream).ConfigureAwait(false);
        await next(context).ConfigureAwait(false);
    }

    private async ValueTask<UpstreamSocket?> ConnectAsync(GatewayContext context)
    {
        foreach (var target in context.Route!.Targets)
        {
            if (!target.Provider.Endpoints.ContainsKey(Operation.Realtime))
                continue; // another of the route has it
            var (socket, end) = await _connector.ConnectAsync(context, target).ConfigureAwait(false);
            if (end == AttemptEnd.RetrySame)
                (socket, end) = await _connector.ConnectAsync(context, target).ConfigureAwait(false);
            if (end == AttemptEnd.Final)
                return socket;
        }

        return null;
    }

    private async ValueTask ServeAsync(GatewayContext context, UpstreamSocket upstream)
    {
        ReplyHeaders.Write(context);
        var offered = context.Socket!.Protocols;
        // A browser that offered something gives up when nothing is chosen; not every provider chooses.
        var protocol = upstream.Socket.SubProtocol ?? (offered.Contains(Protocol) ? Protocol : null);
        using var client = await context.Socket.AcceptAsync(protocol).ConfigureAwait(false);
        context.IsUpgraded = true;
        var meter = new RealtimeMeter(context, ledger, observer, logger);
        var end = await new RealtimeSession(context, client, upstream.Socket, meter, isKeyGood).RunAsync(drain.Token).ConfigureAwait(false);
        await meter.CutAsync(end.Outcome, end.Error?.Code).ConfigureAwait(false);
        context.Outcome = end.Error is null ? LedgerOutcome.Completed : end.Outcome;
    }
}
