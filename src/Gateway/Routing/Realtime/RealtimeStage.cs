using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Routing.Attempts;
using Gateway.Routing.Strategies;
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
        if (await ConnectAsync(context).ConfigureAwait(false) is { } upstream)
        {
            try
            {
                await ServeAsync(context, upstream).ConfigureAwait(false);
            }
            finally
            {
                upstream.Dispose();
                Leave(context, context.Attempt!);
            }
        }

        await next(context).ConfigureAwait(false);
    }

    /// <summary>Opens the socket of a target; null when none could be, and then the request has its error. Whoever gets one leaves its target when done.</summary>
    private async ValueTask<UpstreamSocket?> ConnectAsync(GatewayContext context)
    {
        var plan = new AttemptPlan(context, new RouteQuestion(context.Time.GetTimestamp(), 0, 0, 0), Random.Shared.NextDouble);
        var turns = new AttemptTurns(context, plan);
        while (await turns.NextAsync().ConfigureAwait(false) is { } step)
        {
            if (step.Target.State.TryEnter() is { } obstacle)
            {
                plan.Skip(step.Target, obstacle);
                continue;
            }

            var attempt = context.Begin(step.Target, context.Operation, step.Reason, pause: step.Pause, refusedKeys: plan.RefusedKeys);
            UpstreamSocket? socket = null;
            try
            {
                AttemptEnd end;
                (socket, end) = await _connector.ConnectAsync(context, attempt).ConfigureAwait(false);
                if (socket is not null)
                    return socket;
                UpstreamCredentials.Settle(attempt, end);
                plan.Note(attempt, end);
                context.Keep(attempt);
            }
            finally
            {
                if (socket is null)
                    Leave(context, attempt);
            }
        }

        if (context.Outcome == LedgerOutcome.Failed && !plan.IsOver)
        {
            if (context.Attempts.Count == 0)
                context.Error = plan.Unavailable();
            else
                context.Keep(MostTelling.Of(context.Attempts));
        }

        return null;
    }

    private static void Leave(GatewayContext context, Attempt attempt)
    {
        attempt.Ended = context.Time.GetTimestamp();
        attempt.Target.State.Leave(attempt);
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
