using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing.Hedging;
using Gateway.Routing.Policies;
using Gateway.Routing.Rescue;
using Gateway.Routing.Strategies;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>
/// The innermost stage: calls targets as the <see cref="AttemptPlan"/> says until one has answered, or the client sees content, or nothing
/// is left to do.
/// </summary>
/// <param name="clients">Connections.</param>
/// <param name="translation">Opens translate lanes.</param>
/// <param name="estimator">Counts what a provider had no time to count.</param>
/// <param name="random">Numbers of [0, 1) for pauses; the usual ones when null.</param>
internal sealed class AttemptStage(UpstreamClients clients, Translation translation, TokenEstimator estimator, Func<double>? random = null) : IStage
{
    private readonly WholeAttempt _whole = new(clients);
    private readonly StreamAttempt _stream = new(clients);
    private readonly MediaAttempt _media = new(clients);
    private readonly Func<double> _random = random ?? Random.Shared.NextDouble;

    public async ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        var plan = new AttemptPlan(context, QuestionOf(context), _random);
        if (context.Route!.Rescue == RescuePolicy.Resume)
            context.Rescue = RescueSession.Open(context, estimator);
        var turns = new AttemptTurns(context, plan);
        GatewayError? unsaid = null;
        while (await turns.NextAsync().ConfigureAwait(false) is { } step)
        {
            var problem = await TakeAsync(context, plan, step).ConfigureAwait(false);
            unsaid ??= problem;
            if (context.Upload is { IsSpent: true })
                break; // part of the request went on without being kept, so that no other target can be told it
        }

        if (context.Outcome == LedgerOutcome.Failed && !plan.IsOver)
        {
            if (context.Attempts.Count == 0)
                context.Error = plan.Unavailable(unsaid);
            else
                context.Keep(MostTelling.Of(context.Attempts));
        }

        await next(context).ConfigureAwait(false);
    }

    /// <summary>Takes a step; null, or why the request can't be said to its target.</summary>
    private async ValueTask<GatewayError?> TakeAsync(GatewayContext context, AttemptPlan plan, AttemptStep step)
    {
        var (opened, error) = await OpenAsync(context, plan, step).ConfigureAwait(false);
        if (opened is not { } call)
            return error;
        var attempt = call.Attempt;
        if (HedgedCall.Fits(context))
            attempt = await HedgeAsync(context, plan, call).ConfigureAwait(false);
        else
            plan.Note(attempt, await RunAsync(context, call).ConfigureAwait(false));
        context.Keep(context.Rescue?.Serving(attempt) ?? attempt);
        return null;
    }

    private ValueTask<Attempt> HedgeAsync(GatewayContext context, AttemptPlan plan, OpenCall first)
    {
        var hedged = new HedgedCall(context, plan, async step => (await OpenAsync(context, plan, step).ConfigureAwait(false)).Call, call => RunAsync(context, call));
        return hedged.RunAsync(first);
    }

    /// <summary>Begins an attempt and opens its lane; no call when that can't be done, and why where it is the request's fault.</summary>
    private async ValueTask<(OpenCall? Call, GatewayError? Error)> OpenAsync(GatewayContext context, AttemptPlan plan, AttemptStep step)
    {
        var target = step.Target;
        var wire = target.Provider.WireFor(context.Operation)!.Value;
        var rest = context.Rescue?.Prepare(target, wire);
        var (lane, error) = rest is null && wire == context.Operation && wire.IsRelayed() && !HoldsForeignSignature(context)
            ? (Lane.Relay(wire, context.Dialect), null)
            : await translation.OpenAsync(context, target, wire, rest).ConfigureAwait(false);
        if (lane is null)
        {
            plan.Skip(target, SkipReason.NotTranslated);
            return (null, error);
        }

        var refused = step.Insists
            ? await target.State.InsistAsync(context.Route!.Timeouts.Total - context.Elapsed, context.Client.Gone).ConfigureAwait(false)
            : target.State.TryEnter();
        if (refused is { } obstacle)
        {
            lane.Dispose();
            plan.Skip(target, obstacle);
            if (context.Client.Gone.IsCancellationRequested)
                context.Outcome = LedgerOutcome.Aborted; // it left while it stood in line
            return default;
        }

        return (new OpenCall(context.Begin(target, wire, step.Reason, lane.Dropped, step.Pause, plan.RefusedKeys), lane), null);
    }

    private async ValueTask<AttemptEnd> RunAsync(GatewayContext context, OpenCall call)
    {
        using var lane = call.Lane;
        var attempt = call.Attempt;
        try
        {
            var end = await CallAsync(context, attempt, lane).ConfigureAwait(false);
            UpstreamCredentials.Settle(attempt, end);
            return end;
        }
        finally
        {
            attempt.Ended = context.Time.GetTimestamp();
            attempt.Target.State.Leave(attempt);
        }
    }

    private ValueTask<AttemptEnd> CallAsync(GatewayContext context, Attempt attempt, Lane lane)
    {
        if (context.Operation.IsMedia())
            return _media.RunAsync(context, attempt, lane);
        return context.Request.Stream ? _stream.RunAsync(context, attempt, lane) : _whole.RunAsync(context, attempt, lane);
    }

    /// <summary>Whether the history has reasoning of another vendor than the wire's: the codec gives it to its own vendor and keeps it from others.</summary>
    private static bool HoldsForeignSignature(GatewayContext context) =>
        context.Dialect.WrapsSignatures && ForeignSignature.IsIn(context.Body!.WrittenSpan);

    private static RouteQuestion QuestionOf(GatewayContext context) =>
        new(context.Time.GetTimestamp(), 0, context.Body?.Length ?? 0, context.Request.MaxOutputTokens ?? 0);
}
