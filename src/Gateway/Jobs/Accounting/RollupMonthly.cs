using Gateway.State;

namespace Gateway.Jobs.Accounting;

/// <summary>Sums up the months whose days have been summed up anew.</summary>
internal sealed class RollupMonthly(IStateStore store) : RollupJob(store, days: false)
{
    /// <inheritdoc/>
    public override string Name => "rollup-monthly";

    /// <inheritdoc/>
    public override JobSchedule Schedule { get; } = new JobSchedule.Cron("20 * * * *");
}
