using Gateway.Metering;

namespace Gateway.Jobs.Accounting;

/// <summary>Deletes ledger entries that have been kept as long as is wanted and have been published, and the hours' sums as old, which is longer than any window of a budget.</summary>
/// <param name="outbox">This replica's ledger.</param>
/// <param name="keep">How long entries are kept.</param>
internal sealed class LedgerRetention(UsageOutbox outbox, TimeSpan keep) : IJob
{
    // Some ten blocks: a few milliseconds.
    private const int EntriesAtOnce = 10_000;

    /// <inheritdoc/>
    public string Name => "ledger-retention";

    /// <inheritdoc/>
    public JobSchedule Schedule { get; } = new JobSchedule.Cron("40 2 * * *");

    /// <inheritdoc/>
    public JobScope Scope => JobScope.Replica;

    /// <inheritdoc/>
    public async Task<JobReport> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var (deleted, some) = (0L, EntriesAtOnce);
        while (some == EntriesAtOnce && !cancellation.IsCancellationRequested)
        {
            some = outbox.DeleteBefore(context.Now - keep, EntriesAtOnce);
            deleted += some;
            // Whoever waits to write comes first.
            await Task.Yield();
        }

        outbox.DeleteHoursBefore(context.Now - keep);
        return new JobReport(new Dictionary<string, long> { ["deleted"] = deleted });
    }
}
