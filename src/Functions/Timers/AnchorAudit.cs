using Gateway.Jobs.Remote;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Timers;

/// <summary>Publishes the head of the audit log: the job <c>anchor-audit</c>.</summary>
internal sealed class AnchorAudit(RemoteJobs jobs)
{
    [Function("anchor-audit")]
    public Task RunAsync([TimerTrigger("%JOB_ANCHOR_AUDIT_SCHEDULE%")] TimerInfo timer, CancellationToken cancellation) => jobs.FireAsync("anchor-audit", cancellation);
}
