using Gateway.Metering;
using Gateway.Pipeline;

namespace Gateway.Routing.Attempts;

/// <summary>Takes an <see cref="AttemptPlan"/> in time: waits as long as its steps say, and asks again where a wait was in vain.</summary>
/// <param name="context">The request.</param>
/// <param name="plan">What to do.</param>
internal sealed class AttemptTurns(GatewayContext context, AttemptPlan plan)
{
    private TimeSpan _paused;
    private int _attempts;

    /// <summary>The next step, its pause over; null when nothing is left to do, and when the client left. The step tells how long was waited since the last attempt.</summary>
    public async ValueTask<AttemptStep?> NextAsync()
    {
        if (context.Attempts.Count > _attempts)
            (_attempts, _paused) = (context.Attempts.Count, TimeSpan.Zero);
        while (plan.Next() is { } step)
        {
            if (context.Client.Gone.IsCancellationRequested)
            {
                context.Outcome = LedgerOutcome.Aborted;
                return null;
            }

            if (step.Pause == TimeSpan.Zero)
                return step with { Pause = _paused };
            if (!await PauseAsync(step.Pause).ConfigureAwait(false))
                return null;
            _paused += step.Pause;
            if (plan.Confirm(step))
                return step with { Pause = _paused };
        }

        return null;
    }

    /// <summary>Waits; false when the client left meanwhile.</summary>
    private async ValueTask<bool> PauseAsync(TimeSpan pause)
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
