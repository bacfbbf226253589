using Gateway.State;

namespace Gateway.Budgets;

/// <summary>Reads how limits stand.</summary>
internal sealed class LimitReader(IStateStore store, TimeProvider time)
{
    /// <summary>How each limit stands now, in their order.</summary>
    /// <exception cref="IOException">The state store cannot be reached.</exception>
    public async Task<IReadOnlyList<LimitStanding>> ReadAsync(IReadOnlyList<LimitSpec> limits, CancellationToken cancellation = default)
    {
        var now = time.GetUtcNow();
        var periods = limits.Select(l => LimitPeriod.At(l, now)).ToList();
        var values = await store.GetManyAsync([.. periods.Select(p => p.Key)], cancellation).ConfigureAwait(false);
        return [.. limits.Select((limit, i) => Standing(limit, periods[i], values[i], now))];
    }

    private static LimitStanding Standing(LimitSpec limit, LimitPeriod period, StateItem? item, DateTimeOffset now)
    {
        var value = item is null ? new LimitValue() : LimitValueJson.Read(item.Value.Span);
        var nowMs = now.ToUnixTimeMilliseconds();
        value.Prune(limit.Kind, period, nowMs);
        var (start, end) = (period.Ends, period.IsRolling) switch
        {
            (true, _) => (period.Start, period.End),
            (_, true) => (now - period.Rolling, now),
            _ => ((DateTimeOffset?)null, (DateTimeOffset?)null),
        };
        return new LimitStanding(limit, value.Spent(period, nowMs), value.Held(), start, end);
    }
}
