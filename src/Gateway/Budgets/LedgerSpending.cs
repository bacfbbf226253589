using Gateway.Metering;

namespace Gateway.Budgets;

/// <summary>What this replica's own ledger says was taken from limits.</summary>
internal sealed class LedgerSpending(Ledger ledger) : ISpendingRecord
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<long, long>> UsedAsync(LimitSpec limit, LimitPeriod period, DateTimeOffset now, CancellationToken cancellation) =>
        UsedAsync(limit, period, earlier: true, now, cancellation);

    /// <summary>The same, over this life's entries too where those are wanted.</summary>
    /// <exception cref="IOException">The ledger cannot be read now.</exception>
    public async ValueTask<IReadOnlyDictionary<long, long>> UsedAsync(
        LimitSpec limit, LimitPeriod period, bool earlier, DateTimeOffset now, CancellationToken cancellation)
    {
        var used = new Dictionary<long, long>();
        if (earlier && ledger.Inherited == 0)
            return used;
        var nowMs = now.ToUnixTimeMilliseconds();
        // Nothing that is older than the window and its last bucket counts any more.
        var from = period.IsRolling ? now - period.Rolling - period.Bucket : period.Start;
        var query = Owner(limit, new LedgerQuery { From = from > DateTimeOffset.UnixEpoch ? from : null, To = period.Ends ? period.End : null });
        foreach (var line in await ledger.SpendingAsync(query, (long)period.Bucket.TotalMilliseconds, earlier, cancellation).ConfigureAwait(false))
        {
            var amount = Charge.Of(limit, line);
            if (amount > 0 && period.Counts(line.Bucket, nowMs))
                used[line.Bucket] = Amounts.Add(used.GetValueOrDefault(line.Bucket), amount);
        }

        return used;
    }

    private static LedgerQuery Owner(LimitSpec limit, LedgerQuery query) => limit.Scope switch
    {
        LimitScope.Customer => query with { CustomerId = limit.OwnerId },
        LimitScope.Team => query with { TeamId = limit.OwnerId },
        LimitScope.User => query with { UserId = limit.OwnerId },
        LimitScope.Rule => query with { KeyId = LedgerOperations.RuleOwner + limit.OwnerId },
        _ => query with { KeyId = limit.OwnerId },
    };
}
