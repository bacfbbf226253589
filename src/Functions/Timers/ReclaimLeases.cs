using Gateway.Jobs.Remote;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Timers;

/// <summary>Settles the leases of replicas that will not come back, and lets go of windows that have ended: the job <c>reclaim-leases</c>.</summary>
internal sealed class ReclaimLeases(RemoteJobs jobs)
{
    [Function("reclaim-leases")]
    public Task RunAsync([TimerTrigger("%JOB_RECLAIM_LEASES_SCHEDULE%")] TimerInfo timer, CancellationToken cancellation) => jobs.FireAsync("reclaim-leases", cancellation);
}
