using Gateway.Dialects;
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

    // The common turn, in which a call is opened at once and runs to its end, stands here whole: a method that awaits costs each request a state machine.
    public async ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        var plan = new AttemptPlan(context, QuestionOf(context), _random);
        if (context.Route!.Rescue == RescuePolicy.Resume)
            context.Rescue = RescueSession.Open(context, estimator);
        var turns = new AttemptTurns(context, plan);
        while (await turns.NextAsync().ConfigureAwait(false) is { } step)
        {
            if (await OpenAsync(context, plan, step).ConfigureAwait(false) is { } call)
            {
                var attempt = call.Attempt;
                if (HedgedCall.Fits(context))
                {
                    attempt = await HedgeAsync(context, plan, call).ConfigureAwait(false);
                }
                else
                {
                    AttemptEnd end;
                    try
                    {
                        end = await CallAsync(context, call).ConfigureAwait(false);
                        UpstreamCredentials.Settle(attempt, end);
                    }
                    finally
                    {
                        Leave(call);
                    }

                    plan.Note(attempt, end);
                }

                context.Keep(context.Rescue?.Serving(attempt) ?? attempt);
            }

            if (context.Upload is { IsSpent: true })
                break; // part of the request went on without being kept, so that no other target can be told it
        }

        if (context.Outcome == LedgerOutcome.Failed && !plan.IsOver)
        {
            if (context.Attempts.Count == 0)
                context.Error = plan.Unavailable();
            else
                context.Keep(MostTelling.Of(context.Attempts));
        }

        await next(context).ConfigureAwait(false);
    }

    /// <summary>Begins a step's attempt; null when the request can't be said to its target, or the target is not to be called now after all.</summary>
    private ValueTask<OpenCall?> OpenAsync(GatewayContext context, AttemptPlan plan, AttemptStep step)
    {
        var wire = step.Target.Provider.WireFor(context.Operation)!.Value;
        var rest = context.Rescue?.Prepare(step.Target, wire);
        return rest is null && wire == context.Operation && wire.IsRelayed() && !HoldsForeignSignature(context)
            ? EnterAsync(context, plan, step, Lane.Relay(wire, context.Dialect))
            : TranslateAsync(context, plan, step, wire, rest);
    }

    private async ValueTask<OpenCall?> TranslateAsync(GatewayContext context, AttemptPlan plan, AttemptStep step, Operation wire, ChatRequest? rest)
    {
        var (lane, problem) = await translation.OpenAsync(context, step.Target, wire, rest).ConfigureAwait(false);
        if (lane is not null)
            return await EnterAsync(context, plan, step, lane).ConfigureAwait(false);
        plan.SkipUnsaid(step.Target, problem!);
        return PassedOver(context);
    }

    /// <summary>Takes a place at the target, or passes it over.</summary>
    private static ValueTask<OpenCall?> EnterAsync(GatewayContext context, AttemptPlan plan, AttemptStep step, Lane lane) =>
        step.Insists ? InsistAsync(context, plan, step, lane) : new(Begin(context, plan, step, lane, step.Target.State.TryEnter()));

    private static async ValueTask<OpenCall?> InsistAsync(GatewayContext context, AttemptPlan plan, AttemptStep step, Lane lane)
    {
        var longest = context.Route!.Timeouts.Total - context.Elapsed;
        return Begin(context, plan, step, lane, await step.Target.State.InsistAsync(longest, context.Client.Gone).ConfigureAwait(false));
    }

    private static OpenCall? Begin(GatewayContext context, AttemptPlan plan, AttemptStep step, Lane lane, SkipReason? obstacle)
    {
        if (obstacle is null)
            return new OpenCall(context.Begin(step.Target, lane.Wire, step.Reason, lane.Dropped, step.Pause, plan.RefusedKeys), lane);
        lane.Dispose();
        plan.Skip(step.Target, obstacle.Value);
        return PassedOver(context);
    }

    private static OpenCall? PassedOver(GatewayContext context)
    {
        if (context.Client.Gone.IsCancellationRequested)
            context.Outcome = LedgerOutcome.Aborted; // it left while it stood in line
        return null;
    }

    private static void Leave(OpenCall call)
    {
        call.Lane.Dispose();
        call.Attempt.Target.State.Leave(call.Attempt);
    }

    private ValueTask<Attempt> HedgeAsync(GatewayContext context, AttemptPlan plan, OpenCall first)
    {
        var hedged = new HedgedCall(context, plan, step => OpenAsync(context, plan, step), RunAsync);
        return hedged.RunAsync(first);

        async ValueTask<AttemptEnd> RunAsync(OpenCall call)
        {
            try
            {
                var end = await CallAsync(context, call).ConfigureAwait(false);
                UpstreamCredentials.Settle(call.Attempt, end);
                return end;
            }
            finally
            {
                Leave(call);
            }
        }
    }

    private ValueTask<AttemptEnd> CallAsync(GatewayContext context, OpenCall call)
    {
        var (attempt, lane) = call;
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
