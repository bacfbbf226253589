using System.Text.Json;
using Gateway.State;
using Microsoft.Extensions.Logging;

namespace Gateway.Budgets;

/// <summary>Writes what a replica has of limits into the state store, one exchange at a time for each allowance.</summary>
internal sealed class LeaseExchange(
    AllowanceBookOptions options, IStateStore store, ISpendingRecord spending, TimeProvider time, ILogger log, CancellationToken stopping)
{
    private long _restsUntil;

    /// <summary>Which start of the replica this is.</summary>
    public string Life { get; } = Guid.NewGuid().ToString("N")[..12];

    /// <summary>Whether the store could not be reached a moment ago, and is left alone.</summary>
    public bool Resting => Volatile.Read(ref _restsUntil) is var until && until != 0 && time.GetTimestamp() < until;

    /// <summary>Notes that the store could not be reached.</summary>
    public void Rest() => Volatile.Write(ref _restsUntil, time.GetTimestamp() + (long)(options.StoreRest.TotalSeconds * time.TimestampFrequency));

    /// <summary>Reports what was used and asks for more. Joins the exchange that is under way, if there is one. Does not throw.</summary>
    /// <param name="allowance">The allowance.</param>
    /// <param name="least">What the one who asks needs free; 0: nobody asks.</param>
    /// <param name="keep">How much may stay free.</param>
    public Task<ExchangeOutcome> RunAsync(Allowance allowance, long least = 0, long keep = long.MaxValue)
    {
        var outcome = allowance.OpenExchange(out var mine);
        return mine is null ? outcome : DriveAsync(allowance, least, keep, mine);
    }

    private async Task<ExchangeOutcome> DriveAsync(Allowance allowance, long least, long keep, TaskCompletionSource<ExchangeOutcome> done)
    {
        var outcome = ExchangeOutcome.Away;
        try
        {
            outcome = await WriteAsync(allowance, least, keep);
            if (outcome == ExchangeOutcome.Done)
                Volatile.Write(ref _restsUntil, 0);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or JsonException)
        {
            allowance.Abandon();
            Rest();
            BudgetLog.StoreAway(log, allowance.Period.Key, e);
        }
        finally
        {
            done.SetResult(outcome);
        }

        return outcome;
    }

    private async Task<ExchangeOutcome> WriteAsync(Allowance allowance, long least, long keep)
    {
        var key = allowance.Period.Key;
        for (var attempt = 0; attempt < options.Tries; attempt++)
        {
            // The first try again comes at once, the others at ever longer random intervals.
            if (attempt > 1)
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 4 << Math.Min(attempt, 5))), time, stopping);
            var item = await store.GetAsync(key, stopping);
            var value = item is null ? new LimitValue() : LimitValueJson.Read(item.Value.Span);
            if (!allowance.Adopted)
                await AdoptAsync(allowance, value);
            var step = allowance.Begin(value, Life, least, keep, time.GetUtcNow().ToUnixTimeMilliseconds());
            if (await store.TrySetAsync(key, LimitValueJson.Write(value), item?.ETag, TimeToLive(allowance.Limit, allowance.Period, options.LeaseLife, time.GetUtcNow()), stopping))
            {
                allowance.Commit(step, value, Life);
                return ExchangeOutcome.Done;
            }

            allowance.Abandon();
        }

        return ExchangeOutcome.Conflicts;
    }

    private async ValueTask AdoptAsync(Allowance allowance, LimitValue value)
    {
        var now = time.GetUtcNow();
        IEnumerable<KeyValuePair<long, long>> used = [];
        if (value.Find(options.Replica) is { } slot)
        {
            used = slot.Life == Life ? slot.Used
                : allowance.Limit.Kind == LimitKind.Held ? []
                : await spending.UsedAsync(allowance.Limit, allowance.Period, now, stopping);
        }

        allowance.Adopt(used, value, Life, now.ToUnixTimeMilliseconds());
    }

    /// <summary>When a value goes by itself: when nobody can need it. Budgets stay for reconciliation.</summary>
    public static TimeSpan TimeToLive(LimitSpec limit, LimitPeriod period, TimeSpan leaseLife, DateTimeOffset now)
    {
        if (!period.Ends)
            return WholeSeconds(period.Rolling + period.Rolling + leaseLife + TimeSpan.FromDays(1));
        var left = period.End - now;
        var stays = limit.Kind == LimitKind.Budget ? TimeSpan.FromDays(40) : TimeSpan.FromHours(1);
        return WholeSeconds(left > TimeSpan.Zero ? left + stays : stays);
    }

    private static TimeSpan WholeSeconds(TimeSpan span) => TimeSpan.FromSeconds(Math.Ceiling(span.TotalSeconds));
}
