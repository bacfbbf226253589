namespace Gateway.Metering;

/// <summary>Consecutive ledger entries of one replica, summed up.</summary>
/// <param name="Replica">The replica.</param>
/// <param name="First">The sequence that the batch begins with, ≥ 1.</param>
/// <param name="Last">The sequence that it ends with.</param>
/// <param name="Lines">The sums of all entries from <paramref name="First"/> to <paramref name="Last"/>, by the hour in which their requests arrived and their series; those of one series may be in several parts.</param>
internal sealed record SummedBatch(string Replica, long First, long Last, IReadOnlyList<(DateTimeOffset Hour, UsageSeries Series, UsageSums Sums)> Lines);
