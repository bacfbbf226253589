using Gateway.Events;
using Gateway.Metering;
using Gateway.State;
using Microsoft.Extensions.Logging;

namespace Gateway.Jobs.Usage;

/// <summary>
/// Adds published ledger entries to the hours' sums, each once, however often and in whatever order batches come. Every value knows which sequences are in
/// it, so a delivery that breaks off anywhere is simply repeated.
/// </summary>
internal sealed partial class UsageConsumer(IStateStore store, ILogger<UsageConsumer> logger)
{
    /// <summary>How many hours' indexes are remembered to hold a replica.</summary>
    private const int MostRemembered = 1_000;

    private readonly HashSet<string> _indexed = [];
    private readonly Lock _gate = new();

    /// <summary>Takes an event.</summary>
    public async Task<EventVerdict> HandleAsync(BusEvent happened, CancellationToken cancellation)
    {
        if (happened.Type != UsageBatch.EventType || UsageJson.TryRead(happened.Json.Span) is not { } batch)
        {
            LogPoison(happened.Id, happened.Type);
            return EventVerdict.Poison;
        }

        try
        {
            await ApplyAsync(batch, cancellation).ConfigureAwait(false);
            return EventVerdict.Done;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            LogRetry(batch.Id, e.Message);
            return EventVerdict.Retry;
        }
    }

    /// <summary>Adds a batch.</summary>
    /// <exception cref="IOException">The store is away: add it again.</exception>
    public Task ApplyAsync(UsageBatch batch, CancellationToken cancellation) => TryApplyAsync(
        batch.Replica, batch.First, batch.Last, batch.Entries.GroupBy(entry => RollupKeys.HourOf(entry.Time)),
        (part, entries, isLast) => part.Apply(entries, batch, isLast), cancellation);

    /// <summary>Adds a batch that has been summed up.</summary>
    /// <returns>False when some of it, and not all, was there: its entries must be added one by one.</returns>
    /// <exception cref="IOException">The store is away: add it again.</exception>
    public Task<bool> TryApplyAsync(SummedBatch batch, CancellationToken cancellation) => TryApplyAsync(
        batch.Replica, batch.First, batch.Last, batch.Lines.GroupBy(line => line.Hour, line => new RollupLine(line.Series, line.Sums)),
        (part, lines, isLast) => part.Apply(lines, batch.First, batch.Last, isLast), cancellation);

    /// <param name="replica">Whose sequences they are.</param>
    /// <param name="first">The first.</param>
    /// <param name="last">The last.</param>
    /// <param name="usage">What is to be added, by hour.</param>
    /// <param name="apply">Adds to a part: says what it passes on, or null when it can't.</param>
    /// <param name="cancellation">Ends it.</param>
    private async Task<bool> TryApplyAsync<T>(
        string replica, long first, long last, IEnumerable<IGrouping<DateTimeOffset, T>> usage, Func<HourPart, List<T>, bool, List<T>?> apply, CancellationToken cancellation)
    {
        var applied = RollupKeys.Applied(replica);
        if (await store.ReadAsync(applied, JobsJson.Default.RangeSet, cancellation).ConfigureAwait(false) is { } before && before.Contains(first, last))
            return true;
        var hours = usage.ToList();
        foreach (var hour in hours)
        {
            await IndexAsync(hour.Key, replica, cancellation).ConfigureAwait(false);
            var rest = hour.ToList();
            for (var part = 0; rest.Count > 0; part++)
            {
                var (items, isLast) = (rest, part == HourPart.MaxParts - 1);
                List<T>? passed = null;
                await store.ChangeAsync(
                    RollupKeys.HourPart(hour.Key, replica, part), JobsJson.Default.HourPart,
                    value =>
                    {
                        value ??= new HourPart();
                        var isNew = !value.Applied.Contains(first, last);
                        passed = apply(value, items, isLast);
                        return isNew && passed is not null ? value : null;
                    },
                    cancellation, RollupKeys.HourLife).ConfigureAwait(false);
                if (passed is null)
                    return false;
                rest = passed;
            }
        }

        await MarkAsync([.. hours.Select(hour => RollupKeys.DayName(hour.Key)).Distinct()], cancellation).ConfigureAwait(false);
        // Last: who finds the batch in here need not look any further.
        await store.ChangeAsync(applied, JobsJson.Default.RangeSet, ranges => (ranges ??= new()).Add(first, last) ? ranges : null, cancellation).ConfigureAwait(false);
        return true;
    }

    private async Task IndexAsync(DateTimeOffset hour, string replica, CancellationToken cancellation)
    {
        var known = RollupKeys.HourPart(hour, replica, 0);
        lock (_gate)
        {
            if (_indexed.Contains(known))
                return;
        }

        await store.ChangeAsync(
            RollupKeys.Hour(hour), JobsJson.Default.HourIndex,
            index =>
            {
                index ??= new HourIndex();
                if (index.Replicas.Contains(replica))
                    return null;
                index.Replicas.Add(replica);
                return index;
            },
            cancellation, RollupKeys.HourLife).ConfigureAwait(false);
        lock (_gate)
        {
            if (_indexed.Count >= MostRemembered)
                _indexed.Clear();
            _indexed.Add(known);
        }
    }

    private async Task MarkAsync(List<string> days, CancellationToken cancellation) =>
        await store.ChangeAsync(
            RollupKeys.Stale, JobsJson.Default.StaleSpans,
            stale =>
            {
                stale ??= new StaleSpans();
                var missing = days.Except(stale.Marked).ToList();
                stale.Marked.AddRange(missing);
                return missing.Count > 0 ? stale : null;
            },
            cancellation).ConfigureAwait(false);

    [LoggerMessage(Level = LogLevel.Error, Message = "The event {Id} ({Type}) is no usage batch that can be read; it goes to the dead letters.")]
    private partial void LogPoison(string id, string type);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The usage batch {Id} could not be added to the rollups now: {Reason}")]
    private partial void LogRetry(string id, string reason);
}
