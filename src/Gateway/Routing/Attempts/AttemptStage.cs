using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing.Affinity;
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
    // Of text and JSON, on average; strategies only compare.
    private const int BytesPerToken = 4;

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
        var wire = step.Target.Provider.WireFor(context.Operation)!.Value;
        var (lane, error) = await OpenLaneAsync(context, step.Target, wire).ConfigureAwait(false);
        if (Begin(context, plan, step, wire, lane, await EnterAsync(context, step, lane).ConfigureAwait(false)) is not { } attempt)
            return error;
        if (HedgedCall.Fits(context))
        {
            attempt = await HedgeAsync(context, plan, new OpenCall(attempt, lane!)).ConfigureAwait(false);
        }
        else
        {
            AttemptEnd end;
            try
            {
                end = await CallAsync(context, attempt, lane!).ConfigureAwait(false);
                UpstreamCredentials.Settle(attempt, end);
            }
            finally
            {
                Leave(context, attempt, lane!);
            }

            plan.Note(attempt, end);
        }

        context.Keep(context.Rescue?.Serving(attempt) ?? attempt);
        return null;
    }

    private ValueTask<(Lane? Lane, GatewayError? Error)> OpenLaneAsync(GatewayContext context, TargetSnapshot target, Operation wire)
    {
        var rest = context.Rescue?.Prepare(target, wire);
        return rest is null && wire == context.Operation && wire.IsRelayed() && !HoldsForeignSignature(context)
            ? ValueTask.FromResult<(Lane?, GatewayError?)>((Lane.Relay(wire, context.Dialect), null))
            : translation.OpenAsync(context, target, wire, rest);
    }

    /// <summary>Begins an attempt; null when there is no lane to its target, or the target is not to be called now after all.</summary>
    private static Attempt? Begin(GatewayContext context, AttemptPlan plan, AttemptStep step, Operation wire, Lane? lane, SkipReason? obstacle)
    {
        var target = step.Target;
        if (obstacle is null)
            return context.Begin(target, wire, step.Reason, lane!.Dropped, step.Pause, plan.RefusedKeys);
        lane?.Dispose();
        plan.Skip(target, obstacle.Value);
        if (context.Client.Gone.IsCancellationRequested)
            context.Outcome = LedgerOutcome.Aborted; // it left while it stood in line
        return null;
    }

    /// <summary>Takes a place at the target; null, or why it can't be called.</summary>
    private static ValueTask<SkipReason?> EnterAsync(GatewayContext context, AttemptStep step, Lane? lane)
    {
        if (lane is null)
            return ValueTask.FromResult<SkipReason?>(SkipReason.NotTranslated);
        var state = step.Target.State;
        return step.Insists ? state.InsistAsync(context.Route!.Timeouts.Total - context.Elapsed, context.Client.Gone) : ValueTask.FromResult(state.TryEnter());
    }

    private static void Leave(GatewayContext context, Attempt attempt, Lane lane)
    {
        lane.Dispose();
        attempt.Ended = context.Time.GetTimestamp();
        attempt.Target.State.Leave(attempt);
    }

    private ValueTask<Attempt> HedgeAsync(GatewayContext context, AttemptPlan plan, OpenCall first)
    {
        var hedged = new HedgedCall(context, plan, OpenAsync, RunAsync);
        return hedged.RunAsync(first);

        async ValueTask<OpenCall?> OpenAsync(AttemptStep step)
        {
            var wire = step.Target.Provider.WireFor(context.Operation)!.Value;
            var (lane, _) = await OpenLaneAsync(context, step.Target, wire).ConfigureAwait(false);
            return Begin(context, plan, step, wire, lane, await EnterAsync(context, step, lane).ConfigureAwait(false)) is { } attempt ? new OpenCall(attempt, lane!) : null;
        }

        async ValueTask<AttemptEnd> RunAsync(OpenCall call)
        {
            try
            {
                var end = await CallAsync(context, call.Attempt, call.Lane).ConfigureAwait(false);
                UpstreamCredentials.Settle(call.Attempt, end);
                return end;
            }
            finally
            {
                Leave(context, call.Attempt, call.Lane);
            }
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
        new(context.Time.GetTimestamp(), AffinityKey.Of(context), (context.Body?.Length ?? 0) / BytesPerToken, context.Request.MaxOutputTokens ?? 0);
}
