namespace Gateway.Budgets;

/// <summary>What this replica's own ledger says was used. Asked when a slot of an earlier life is found in the state store.</summary>
internal interface ISpendingRecord
{
    /// <summary>
    /// The sums of <see cref="Charge.Of(LimitSpec, Metering.LedgerEntry)"/> over the entries that earlier lives of this replica recorded (those that were there before the ledger was opened), by
    /// <see cref="LimitPeriod.BucketOf"/> of <see cref="Metering.LedgerEntry.Time"/>. Entries outside the period, or of buckets that no longer count, are left out.
    /// </summary>
    /// <exception cref="IOException">The ledger cannot be read now; the limit counts as unavailable.</exception>
    ValueTask<IReadOnlyDictionary<long, long>> UsedAsync(LimitSpec limit, LimitPeriod period, DateTimeOffset now, CancellationToken cancellation);
}
