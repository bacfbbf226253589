using Gateway.Dialects;
using Gateway.Errors;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing.Strategies;
using Gateway.Transport;

namespace Gateway.Routing.Attempts;

/// <summary>
/// The innermost stage: calls targets as the <see cref="AttemptPlan"/> says until one has answered, or the client sees content, or nothing
/// is left to do.
/// </summary>
/// <param name="clients">Connections.</param>
/// <param name="translation">Opens translate lanes.</param>
/// <param name="random">Numbers of [0, 1) for pauses; the usual ones when null.</param>
internal sealed class AttemptStage(UpstreamClients clients, Translation translation, Func<double>? random = null) : IStage
{
    private readonly WholeAttempt _whole = new(clients);
    private readonly StreamAttempt _stream = new(clients);
    private readonly MediaAttempt _media = new(clients);
    private readonly Func<double> _random = random ?? Random.Shared.NextDouble;

    public async ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        var plan = new AttemptPlan(context, QuestionOf(context), _random);
        var paused = TimeSpan.Zero;
        GatewayError? unsaid = null;
        while (plan.Next() is { } step)
        {
            paused += step.Pause;
            if (step.Pause > TimeSpan.Zero)
            {
                if (!await PauseAsync(context, step.Pause).ConfigureAwait(false))
                    break;
                if (!plan.Confirm(step))
                    continue;
            }

            var before = context.Attempts.Count;
            unsaid ??= await TakeAsync(context, plan, step with { Pause = paused }).ConfigureAwait(false);
            if (context.Attempts.Count > before)
                paused = TimeSpan.Zero;
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
        var target = step.Target;
        var wire = target.Provider.WireFor(context.Operation)!.Value;
        var (lane, error) = wire == context.Operation && wire.IsRelayed() && !HoldsForeignSignature(context)
            ? (Lane.Relay(wire, context.Dialect), null)
            : await translation.OpenAsync(context, target, wire).ConfigureAwait(false);
        if (lane is null)
        {
            plan.Skip(target, SkipReason.NotTranslated);
            return error;
        }

        using (lane)
        {
            if (target.State.TryEnter() is { } obstacle)
            {
                plan.Skip(target, obstacle);
                return null;
            }

            var attempt = context.Begin(target, wire, step.Reason, lane.Dropped, step.Pause, plan.RefusedKeys);
            AttemptEnd end;
            try
            {
                end = await CallAsync(context, attempt, lane).ConfigureAwait(false);
                UpstreamCredentials.Settle(attempt, end);
            }
            finally
            {
                attempt.Ended = context.Time.GetTimestamp();
                target.State.Leave(attempt);
            }

            plan.Note(attempt, end);
            context.Keep(attempt);
            return null;
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

    /// <summary>Waits; false when the client left meanwhile.</summary>
    private static async ValueTask<bool> PauseAsync(GatewayContext context, TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, context.Time, context.Client.Gone).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            context.Outcome = LedgerOutcome.Aborted;
            return false;
        }
    }
}
