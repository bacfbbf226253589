using Gateway.Budgets;
using Gateway.Metering;
using Gateway.State;
using Microsoft.Extensions.Logging;

namespace Gateway.Jobs.Accounting;

/// <summary>
/// Compares what replicas have counted of budgets with what the ledger says, and puts right what differs.
/// <para>
/// Both move while they are compared: a replica reports what was used within seconds, and its entries are published within seconds. So each is looked at
/// twice. What the ledger said at the first look must have been counted by the second; what was counted at the first must be in the ledger by the second, once
/// everything written before the first is known to have been published and summed up. Only what violates that is a drift.
/// </para>
/// </summary>
/// <param name="store">The state store.</param>
/// <param name="limits">Every limit there is.</param>
/// <param name="events">Told of each drift.</param>
/// <param name="own">This replica's ledger, for its own share of periods that do not consist of whole hours; null: those are left out.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of each drift.</param>
/// <param name="settle">How long between the looks; null: 30 s.</param>
internal sealed partial class ReconcileBudgets(
    IStateStore store, Func<IEnumerable<LimitSpec>> limits, ILimitEvents events, Ledger? own, TimeProvider time, ILogger<ReconcileBudgets> logger,
    TimeSpan? settle = null) : IJob
{
    private readonly LimitValues _values = new(store, time);
    private readonly TimeSpan _settle = settle ?? TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public string Name => "reconcile-budgets";

    /// <inheritdoc/>
    public JobSchedule Schedule { get; } = new JobSchedule.Cron("*/15 * * * *");

    /// <inheritdoc/>
    public async Task<JobReport> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var first = new SpendingReader(store);
        var (compared, unknown, drifted, undecided) = (0L, 0L, 0L, 0L);
        var suspects = new List<Suspect>();
        await _values.VisitAsync(limits().Where(limit => limit.Kind == LimitKind.Budget), LookAsync, cancellation).ConfigureAwait(false);
        if (suspects.Count > 0)
        {
            await Task.Delay(_settle, time, cancellation).ConfigureAwait(false);
            var second = new SpendingReader(store);
            foreach (var suspect in suspects)
            {
                var by = await JudgeAsync(suspect, second, cancellation).ConfigureAwait(false);
                if (by is null)
                    undecided++;
                else if (by != 0 && await CorrectAsync(suspect, by.Value, cancellation).ConfigureAwait(false))
                    drifted++;
            }
        }

        return new JobReport(new Dictionary<string, long> { ["compared"] = compared, ["drifted"] = drifted, ["undecided"] = undecided, ["unknown"] = unknown });

        async ValueTask LookAsync(LimitSpec limit, LimitPeriod period, LimitValue value)
        {
            var now = time.GetUtcNow();
            var nowMs = now.ToUnixTimeMilliseconds();
            foreach (var slot in value.Slots)
            {
                // Of a replica that died, what it held may have been used: that is settled when its lease is reclaimed.
                if (slot.Held > 0 && slot.Expires <= nowMs)
                    continue;
                if (await LedgerAsync(slot.Replica, limit, period, first, cancellation).ConfigureAwait(false) is not { } said)
                {
                    unknown++;
                    continue;
                }

                compared++;
                var counted = slot.Spent(period, nowMs);
                if (counted != said)
                    suspects.Add(new Suspect(limit, period, slot.Replica, slot.Life, counted, said, now));
            }
        }
    }

    /// <summary>By how much more the ledger says for certain; negative: less; 0: they agree; null: that can't be told yet.</summary>
    private async ValueTask<long?> JudgeAsync(Suspect suspect, SpendingReader second, CancellationToken cancellation)
    {
        var isOwn = IsOwn(suspect.Replica, suspect.Period);
        var complete = isOwn
            || (await second.CountedAsync(suspect.Replica, cancellation).ConfigureAwait(false) is { } mark && mark.CompleteAt >= suspect.At);
        var slot = (await _values.ReadAsync(suspect.Period, cancellation).ConfigureAwait(false))?.Find(suspect.Replica);
        if (slot is null || slot.Life != suspect.Life
            || await LedgerAsync(suspect.Replica, suspect.Limit, suspect.Period, second, cancellation).ConfigureAwait(false) is not { } said)
            return null;
        var counted = slot.Spent(suspect.Period, time.GetUtcNow().ToUnixTimeMilliseconds());
        if (counted < suspect.Said)
            return suspect.Said - counted;
        if (suspect.Counted > said)
            return complete ? said - suspect.Counted : null;
        return 0;
    }

    private async ValueTask<bool> CorrectAsync(Suspect suspect, long by, CancellationToken cancellation)
    {
        var bucket = suspect.Period.BucketOf(suspect.At.ToUnixTimeMilliseconds());
        var corrected = await _values.ChangeAsync(
            suspect.Limit, suspect.Period,
            value =>
            {
                if (value.Find(suspect.Replica) is not { } slot || slot.Life != suspect.Life)
                    return false;
                slot.Corrected[bucket] = slot.Corrected.GetValueOrDefault(bucket) + by;
                return true;
            },
            cancellation).ConfigureAwait(false);
        if (!corrected)
            return false;
        LogDrift(suspect.Limit.Id, suspect.Replica, suspect.Period.Key, by);
        await events.RaiseAsync(new LimitEvent(LimitEventKind.Drift, suspect.Limit, suspect.Period, 0, by), cancellation).ConfigureAwait(false);
        return true;
    }

    private async ValueTask<long?> LedgerAsync(string replica, LimitSpec limit, LimitPeriod period, SpendingReader reader, CancellationToken cancellation)
    {
        if (SpendingReader.Covers(period))
            return await reader.UsedAsync(replica, limit, period, cancellation).ConfigureAwait(false);
        if (!IsOwn(replica, period))
            return null;
        var used = await new LedgerSpending(own!).UsedAsync(limit, period, earlier: false, time.GetUtcNow(), cancellation).ConfigureAwait(false);
        return used.Values.Aggregate(0L, Amounts.Add);
    }

    // What rolls changes while it is looked at, and is gone by itself soon.
    private bool IsOwn(string replica, LimitPeriod period) => own?.Replica == replica && period.Ends && !SpendingReader.Covers(period);

    [LoggerMessage(Level = LogLevel.Error, Message = "The budget {Limit} of replica {Replica} differed from the ledger in {Period}: it was corrected by {By}")]
    private partial void LogDrift(string limit, string replica, string period, long by);

    private sealed record Suspect(LimitSpec Limit, LimitPeriod Period, string Replica, string Life, long Counted, long Said, DateTimeOffset At);
}
