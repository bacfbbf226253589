using Gateway.Pipeline;
using Gateway.Protocol;
using Gateway.Routing.Attempts;

namespace Gateway.Routing.Hedging;

/// <summary>A call beside which another target is called when it lets wait for content; the first to have some serves, the other is cut off.</summary>
/// <param name="context">The request.</param>
/// <param name="plan">Offers the other target.</param>
/// <param name="open">Begins an attempt and opens its lane; null when that can't be done.</param>
/// <param name="run">Runs an attempt to its end, and closes its lane.</param>
internal sealed class HedgedCall(GatewayContext context, AttemptPlan plan, Func<AttemptStep, ValueTask<OpenCall?>> open, Func<OpenCall, ValueTask<AttemptEnd>> run)
{
    private readonly HedgeRace _race = new(context.Client.Gone);

    /// <summary>
    /// Whether a request's next call may be hedged: once for each, never where the request can be read only once, where its reply can't be
    /// told before it has begun, or where the client has part of it.
    /// </summary>
    /// <param name="context">The request.</param>
    public static bool Fits(GatewayContext context) =>
        context.Route!.Attempts.HedgeAfter is not null
        && context.Upload is null
        && !context.Operation.IsMedia()
        && context.Dialect is not Dialects.Gemini.GeminiListDialect // it remembers one list
        && context.Rescue is not { IsResuming: true }
        && !context.Attempts.Any(static a => a.Reason == AttemptReason.Hedge);

    /// <summary>Runs a call, and beside it another if need be. The plan is told how they ended.</summary>
    /// <param name="first">The call.</param>
    /// <returns>The attempt that serves.</returns>
    public async ValueTask<Attempt> RunAsync(OpenCall first)
    {
        using var one = Enter(first);
        var running = run(first).AsTask();
        try
        {
            if (await IsQuietAsync(running).ConfigureAwait(false) && plan.Hedge(first.Attempt.Target) is { } step && await open(step).ConfigureAwait(false) is { } second)
            {
                using var two = Enter(second);
                return await RaceAsync((first.Attempt, one, running), (second.Attempt, two, run(second).AsTask())).ConfigureAwait(false);
            }

            plan.Note(first.Attempt, await running.ConfigureAwait(false));
            return first.Attempt;
        }
        finally
        {
            if (!running.IsCompleted)
            {
                // Whatever went wrong here: nothing of it goes on.
                await one.StopAsync().ConfigureAwait(false);
                await Task.WhenAny(running).ConfigureAwait(false);
            }
        }
    }

    private HedgeRunner Enter(OpenCall call) => call.Attempt.Runner = _race.Enter();

    /// <summary>Waits as long as the route says; false when there is content, or an end, before.</summary>
    private async ValueTask<bool> IsQuietAsync(Task running)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(context.Client.Gone);
        await Task.WhenAny(running, _race.Decided, Task.Delay(context.Route!.Attempts.HedgeAfter!.Value, context.Time, answered.Token)).ConfigureAwait(false);
        await answered.CancelAsync().ConfigureAwait(false);
        return !running.IsCompleted && !_race.Decided.IsCompleted && !context.Client.Gone.IsCancellationRequested;
    }

    private async ValueTask<Attempt> RaceAsync(Entry one, Entry two)
    {
        await Task.WhenAny(one.Running, two.Running, _race.Decided).ConfigureAwait(false);
        Judge(one, two);
        Judge(two, one);
        // Who has come to nothing is silent from now on; the other goes on alone.
        await Task.WhenAny(Task.WhenAll(one.Running, two.Running), _race.Decided).ConfigureAwait(false);
        Judge(one, two);
        Judge(two, one);

        var (served, other) = _race.Winner == one.Runner ? (one, two) : (two, one);
        if (_race.Winner is not null)
            await other.Runner.StopAsync().ConfigureAwait(false);
        await Task.WhenAll(one.Running, two.Running).ConfigureAwait(false);
        plan.Note(other.Attempt, other.Running.Result);
        plan.Note(served.Attempt, served.Running.Result);
        return served.Attempt;
    }

    /// <summary>An end that nothing may follow decides, be it a whole answer or the client's own error; after any other the race goes on with one.</summary>
    private void Judge(Entry entry, Entry other)
    {
        if (!entry.Running.IsCompleted)
            return;
        if (!entry.Running.IsCompletedSuccessfully || entry.Running.Result == AttemptEnd.Final)
            _race.TryWin(entry.Runner);
        else
            _race.Voice = other.Runner;
    }

    private readonly record struct Entry(Attempt Attempt, HedgeRunner Runner, Task<AttemptEnd> Running)
    {
        public static implicit operator Entry((Attempt Attempt, HedgeRunner Runner, Task<AttemptEnd> Running) entry) => new(entry.Attempt, entry.Runner, entry.Running);
    }
}
