using Gateway.Metering;

namespace Gateway.Budgets;

/// <summary>What this replica's own ledger says was taken from limits.</summary>
internal sealed class LedgerSpending(Ledger ledger) : ISpendingRecord
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<long, long>> UsedAsync(LimitSpec limit, LimitPeriod period, DateTimeOffset now, CancellationToken cancellation) =>
        UsedAsync(limit, period, ledger.Inherited, now, cancellation);

    /// <summary>The same over this replica's entries up to a sequence.</summary>
    /// <exception cref="IOException">The ledger cannot be read now.</exception>
    public async ValueTask<IReadOnlyDictionary<long, long>> UsedAsync(
        LimitSpec limit, LimitPeriod period, long through, DateTimeOffset now, CancellationToken cancellation)
    {
        var used = new Dictionary<long, long>();
        if (through == 0)
            return used;
        var nowMs = now.ToUnixTimeMilliseconds();
        // Nothing that is older than the window and its last bucket counts any more.
        var from = period.IsRolling ? now - period.Rolling - period.Bucket : period.Start;
        var query = Owner(limit, new LedgerQuery { From = from > DateTimeOffset.UnixEpoch ? from : null, To = period.Ends ? period.End : null });
        await ledger.VisitOwnAsync(query, through, Add, cancellation).ConfigureAwait(false);
        return used;

        void Add(LedgerEntry entry)
        {
            var amount = Charge.Of(limit, entry);
            var bucket = period.BucketOf(entry.Time.ToUnixTimeMilliseconds());
            if (amount > 0 && period.Contains(entry.Time) && period.Counts(bucket, nowMs))
                used[bucket] = Amounts.Add(used.GetValueOrDefault(bucket), amount);
        }
    }

    private static LedgerQuery Owner(LimitSpec limit, LedgerQuery query) => limit.Scope switch
    {
        LimitScope.Customer => query with { CustomerId = limit.OwnerId },
        LimitScope.Team => query with { TeamId = limit.OwnerId },
        LimitScope.User => query with { UserId = limit.OwnerId },
        _ => query with { KeyId = limit.OwnerId },
    };
}
