using Gateway.State;

namespace Gateway.Jobs.Accounting;

/// <summary>Sums up the days whose hours have changed.</summary>
internal sealed class RollupDaily(IStateStore store) : RollupJob(store, days: true)
{
    /// <inheritdoc/>
    public override string Name => "rollup-daily";

    /// <inheritdoc/>
    public override JobSchedule Schedule { get; } = new JobSchedule.Cron("5 * * * *");
}
