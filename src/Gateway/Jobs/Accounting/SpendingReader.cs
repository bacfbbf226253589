using Gateway.Budgets;
using Gateway.Jobs.Usage;
using Gateway.State;

namespace Gateway.Jobs.Accounting;

/// <summary>What replicas used, by the ledger: from the hours' sums, which every replica can read. One for each look: it remembers what it has read.</summary>
internal sealed class SpendingReader(IStateStore store)
{
    private readonly RollupReader _rollups = new(store);
    private readonly Dictionary<(string Replica, DateTimeOffset Start, DateTimeOffset End), ReplicaSpending> _read = [];
    private readonly Dictionary<string, PublishedMark?> _marks = [];

    /// <summary>Whether a period consists of whole hours, so that their sums make up its own.</summary>
    public static bool Covers(LimitPeriod period) =>
        period.Ends && period.Start.UtcTicks % TimeSpan.TicksPerHour == 0 && period.End.UtcTicks % TimeSpan.TicksPerHour == 0;

    /// <summary>What a replica used of a limit in a period that <see cref="Covers"/>; null when that can't be told.</summary>
    /// <exception cref="IOException">The store did not answer.</exception>
    public async ValueTask<long?> UsedAsync(string replica, LimitSpec limit, LimitPeriod period, CancellationToken cancellation)
    {
        if (!_read.TryGetValue((replica, period.Start, period.End), out var spending))
        {
            spending = new ReplicaSpending();
            await _rollups.VisitHoursAsync(period.Start, period.End, replica, (_, line) => spending.Add(line), cancellation).ConfigureAwait(false);
            _read[(replica, period.Start, period.End)] = spending;
        }

        return spending.Of(limit);
    }

    /// <summary>How far a replica has published, if all of that is in the sums; otherwise null. Ask before the sums are read.</summary>
    /// <exception cref="IOException">The store did not answer.</exception>
    public async ValueTask<PublishedMark?> CountedAsync(string replica, CancellationToken cancellation)
    {
        if (_marks.TryGetValue(replica, out var mark))
            return mark;
        mark = await store.ReadAsync(RollupKeys.Published(replica), JobsJson.Default.PublishedMark, cancellation).ConfigureAwait(false);
        var applied = await store.ReadAsync(RollupKeys.Applied(replica), JobsJson.Default.RangeSet, cancellation).ConfigureAwait(false);
        if (mark is not null && mark.Sequence > (applied?.Through() ?? 0))
            mark = null;
        return _marks[replica] = mark;
    }

    /// <summary>Whether a replica has ever said how far it has published.</summary>
    /// <exception cref="IOException">The store did not answer.</exception>
    public async ValueTask<bool> HasPublishedAsync(string replica, CancellationToken cancellation) =>
        await store.GetAsync(RollupKeys.Published(replica), cancellation).ConfigureAwait(false) is not null;
}
