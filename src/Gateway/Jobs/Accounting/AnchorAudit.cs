using Gateway.Audit;
using Gateway.Events;
using Gateway.State.Journal;

namespace Gateway.Jobs.Accounting;

/// <summary>Publishes the head of the audit log when it has moved: an anchor that proves later that nothing was rewritten.</summary>
internal sealed class AnchorAudit(StateJournal journal, IEventBus bus) : IJob
{
    private const string Sequence = "sequence";

    /// <inheritdoc/>
    public string Name => "anchor-audit";

    /// <inheritdoc/>
    public JobSchedule Schedule { get; } = new JobSchedule.Cron("*/10 * * * *");

    /// <inheritdoc/>
    public async Task<JobReport> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var anchored = context.Previous?.Counts.GetValueOrDefault(Sequence) ?? 0;
        if (await journal.ReadLastAsync(cancellation).ConfigureAwait(false) is not { } head || head.Sequence == anchored)
            return Report(anchored, 0);
        await bus.PublishAsync(Topics.AuditAnchors, [AuditAnchor.Of(head).ToEvent()], cancellation).ConfigureAwait(false);
        return Report(head.Sequence, 1);
    }

    private static JobReport Report(long sequence, long published) => new(new Dictionary<string, long> { [Sequence] = sequence, ["published"] = published });
}
