using Gateway.Jobs.Remote;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Timers;

/// <summary>Sums up the months that have changed: the job <c>rollup-monthly</c>.</summary>
internal sealed class RollupMonthly(RemoteJobs jobs)
{
    [Function("rollup-monthly")]
    public Task RunAsync([TimerTrigger("%JOB_ROLLUP_MONTHLY_SCHEDULE%")] TimerInfo timer, CancellationToken cancellation) => jobs.FireAsync("rollup-monthly", cancellation);
}
