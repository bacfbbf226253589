using Gateway.Jobs.Remote;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Timers;

/// <summary>Sums up the days that have changed: the job <c>rollup-daily</c>.</summary>
internal sealed class RollupDaily(RemoteJobs jobs)
{
    [Function("rollup-daily")]
    public Task RunAsync([TimerTrigger("%JOB_ROLLUP_DAILY_SCHEDULE%")] TimerInfo timer, CancellationToken cancellation) => jobs.FireAsync("rollup-daily", cancellation);
}
