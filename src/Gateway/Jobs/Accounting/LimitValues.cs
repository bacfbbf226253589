using System.Text.Json;
using Gateway.Budgets;
using Gateway.State;

namespace Gateway.Jobs.Accounting;

/// <summary>The values of limits in the state store, for jobs that look at all of them.</summary>
internal sealed class LimitValues(IStateStore store, TimeProvider time)
{
    private const int KeysAtOnce = 64;
    private const int Tries = 50;

    /// <summary>Shows what there is of limits: of those with a calendar window, the window that is and the one before.</summary>
    /// <exception cref="IOException">The store did not answer, or a value cannot be read.</exception>
    public async Task VisitAsync(
        IEnumerable<LimitSpec> limits, Func<LimitSpec, LimitPeriod, LimitValue, ValueTask> visit, CancellationToken cancellation)
    {
        foreach (var some in Periods(limits, time.GetUtcNow()).Chunk(KeysAtOnce))
        {
            var items = await store.GetManyAsync([.. some.Select(one => one.Period.Key)], cancellation).ConfigureAwait(false);
            for (var i = 0; i < some.Length; i++)
            {
                if (items[i] is { } item)
                    await visit(some[i].Limit, some[i].Period, Parse(item)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A value as it is now; null: there is none.</summary>
    public async ValueTask<LimitValue?> ReadAsync(LimitPeriod period, CancellationToken cancellation) =>
        await store.GetAsync(period.Key, cancellation).ConfigureAwait(false) is { } item ? Parse(item) : null;

    /// <summary>Changes a value as it is at that moment.</summary>
    /// <returns>Whether the change found anything to do.</returns>
    /// <exception cref="IOException">The store did not answer, or there was no end of conflicts.</exception>
    public async ValueTask<bool> ChangeAsync(LimitSpec limit, LimitPeriod period, Func<LimitValue, bool> change, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            if (await store.GetAsync(period.Key, cancellation).ConfigureAwait(false) is not { } item)
                return false;
            var value = Parse(item);
            if (!change(value))
                return false;
            var life = LeaseExchange.TimeToLive(limit, period, TimeSpan.Zero, time.GetUtcNow());
            if (await store.TrySetAsync(period.Key, LimitValueJson.Write(value), item.ETag, life, cancellation).ConfigureAwait(false))
                return true;
        }

        throw new StateUnavailableException($"The value {period.Key} could not be written: others were quicker {Tries} times.");
    }

    private static IEnumerable<(LimitSpec Limit, LimitPeriod Period)> Periods(IEnumerable<LimitSpec> limits, DateTimeOffset now)
    {
        foreach (var limit in limits)
        {
            var current = LimitPeriod.At(limit, now);
            yield return (limit, current);
            if (current.Ends)
                yield return (limit, LimitPeriod.At(limit, current.Start.AddTicks(-1)));
        }
    }

    private static LimitValue Parse(StateItem item)
    {
        try
        {
            return LimitValueJson.Read(item.Value.Span);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The value {item.Key} of the state store cannot be read: {e.Message}", e);
        }
    }
}
