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
    public ValueTask<AttemptStep?> NextAsync()
    {
        if (context.Attempts.Count > _attempts)
            (_attempts, _paused) = (context.Attempts.Count, TimeSpan.Zero);
        // Most steps have no pause: for them nothing that could wait is made.
        return plan.Next() is not { } step ? default
            : step.Pause > TimeSpan.Zero ? AfterPauseAsync(step)
            : new ValueTask<AttemptStep?>(context.Client.Gone.IsCancellationRequested ? Abort() : step with { Pause = _paused });
    }

    private async ValueTask<AttemptStep?> AfterPauseAsync(AttemptStep step)
    {
        while (step.Pause > TimeSpan.Zero)
        {
            if (!await PauseAsync(step.Pause).ConfigureAwait(false))
                return Abort();
            _paused += step.Pause;
            if (plan.Confirm(step))
                break;
            if (plan.Next() is not { } other)
                return null;
            step = other;
        }

        return step with { Pause = _paused };
    }

    private AttemptStep? Abort()
    {
        context.Outcome = LedgerOutcome.Aborted;
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
            return false;
        }
    }
}
