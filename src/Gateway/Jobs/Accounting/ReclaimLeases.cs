using Gateway.Budgets;
using Gateway.State;
using Microsoft.Extensions.Logging;

namespace Gateway.Jobs.Accounting;

/// <summary>
/// Sets free what replicas held that are gone. Once the lease of one has expired for a while and all it published has been summed up, what it used is what
/// the ledger says, and at least what it had reported; what it held beyond that goes back. Should it come back with its disk, it puts its share right itself.
/// </summary>
/// <param name="store">The state store.</param>
/// <param name="limits">Every limit there is.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of what is reclaimed.</param>
/// <param name="grace">How long after its expiry a lease is reclaimed; null: 10 minutes.</param>
internal sealed partial class ReclaimLeases(
    IStateStore store, Func<IEnumerable<LimitSpec>> limits, TimeProvider time, ILogger<ReclaimLeases> logger, TimeSpan? grace = null) : IJob
{
    private readonly LimitValues _values = new(store, time);
    private readonly TimeSpan _grace = grace ?? TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public string Name => "reclaim-leases";

    /// <inheritdoc/>
    public JobSchedule Schedule { get; } = new JobSchedule.Cron("*/5 * * * *");

    /// <inheritdoc/>
    public async Task<JobReport> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var reader = new SpendingReader(store);
        var (reclaimed, waiting) = (0L, 0L);
        // Windows of rate limits are over before anything here would matter.
        await _values.VisitAsync(limits().Where(limit => limit.Kind != LimitKind.Rate), VisitAsync, cancellation).ConfigureAwait(false);
        return new JobReport(new Dictionary<string, long> { ["reclaimed"] = reclaimed, ["waiting"] = waiting });

        async ValueTask VisitAsync(LimitSpec limit, LimitPeriod period, LimitValue value)
        {
            var latest = (time.GetUtcNow() - _grace).ToUnixTimeMilliseconds();
            foreach (var slot in value.Slots)
            {
                if (slot.Held == 0 || slot.Expires > latest)
                    continue;
                var used = limit.Kind == LimitKind.Held ? 0 : await UsedAsync(slot.Replica, limit, period, reader, cancellation).ConfigureAwait(false);
                if (used is not { } sum)
                    waiting++;
                else if (await SettleAsync(limit, period, slot.Replica, sum, latest, cancellation).ConfigureAwait(false))
                    reclaimed++;
            }
        }
    }

    /// <summary>What the ledger says a replica used; 0 when its hours don't tell; null while they do not yet tell all that was published.</summary>
    private static async ValueTask<long?> UsedAsync(string replica, LimitSpec limit, LimitPeriod period, SpendingReader reader, CancellationToken cancellation)
    {
        if (await reader.CountedAsync(replica, cancellation).ConfigureAwait(false) is null
            && await reader.HasPublishedAsync(replica, cancellation).ConfigureAwait(false))
            return null;
        return SpendingReader.Covers(period) ? await reader.UsedAsync(replica, limit, period, cancellation).ConfigureAwait(false) ?? 0 : 0;
    }

    private async ValueTask<bool> SettleAsync(LimitSpec limit, LimitPeriod period, string replica, long used, long latest, CancellationToken cancellation)
    {
        var held = 0L;
        var settled = await _values.ChangeAsync(
            limit, period,
            value =>
            {
                var slot = value.Find(replica);
                held = slot?.Held ?? 0;
                if (slot is null || held == 0 || slot.Expires > latest)
                    return false;
                if (limit.Kind == LimitKind.Held)
                    return value.Slots.Remove(slot);
                // What was reported had been used, even if its entries never left the replica's disk.
                var sums = new Dictionary<long, long>(slot.Used);
                if (!period.IsRolling)
                    sums[0] = Math.Max(used, slot.Spent(period, latest));
                return value.SettleOrphan(replica, sums, latest);
            },
            cancellation).ConfigureAwait(false);
        if (settled)
            LogReclaimed(replica, limit.Id, held);
        return settled;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Replica {Replica} is gone; the {Held} it held of {Limit} were settled by the ledger")]
    private partial void LogReclaimed(string replica, string limit, long held);
}
