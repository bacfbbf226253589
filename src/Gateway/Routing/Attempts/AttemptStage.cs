using Gateway.Dialects;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing.Affinity;
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
    // Of text and JSON, on average; strategies only compare.
    private const int BytesPerToken = 4;

    private readonly WholeAttempt _whole = new(clients);
    private readonly StreamAttempt _stream = new(clients);
    private readonly MediaAttempt _media = new(clients);
    private readonly Func<double> _random = random ?? Random.Shared.NextDouble;

    public async ValueTask RunAsync(GatewayContext context, StageDelegate next)
    {
        var plan = new AttemptPlan(context, QuestionOf(context), _random);
        while (plan.Next() is { } step)
        {
            if (step.Pause > TimeSpan.Zero && !await PauseAsync(context, step.Pause).ConfigureAwait(false))
                break;
            await TakeAsync(context, plan, step).ConfigureAwait(false);
            if (context.Upload is { IsSpent: true })
                break; // part of the request went on without being kept, so that no other target can be told it
        }

        if (context.Attempts.Count == 0 && context.Outcome != LedgerOutcome.Aborted)
            context.Error ??= plan.Unavailable();
        await next(context).ConfigureAwait(false);
    }

    private async ValueTask TakeAsync(GatewayContext context, AttemptPlan plan, AttemptStep step)
    {
        var target = step.Target;
        var wire = target.Provider.WireFor(context.Operation)!.Value;
        var (lane, error) = wire == context.Operation && wire.IsRelayed() && !HoldsForeignSignature(context)
            ? (Lane.Relay(wire, context.Dialect), null)
            : await translation.OpenAsync(context, target, wire).ConfigureAwait(false);
        if (lane is null)
        {
            plan.Skip(target, SkipReason.NotTranslated);
            if (context.Attempts.Count == 0)
                context.Error = error; // another target may be able to say it
            return;
        }

        using (lane)
        {
            if (target.State.TryEnter() is { } obstacle)
            {
                plan.Skip(target, obstacle);
                return;
            }

            var attempt = context.Begin(target, wire, step.Reason, lane.Dropped, step.Pause, plan.RefusedKeys);
            try
            {
                var end = await CallAsync(context, attempt, lane).ConfigureAwait(false);
                plan.Note(attempt, end);
            }
            finally
            {
                attempt.Ended = context.Time.GetTimestamp();
                target.State.Leave(attempt);
            }

            context.Keep(attempt);
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
