using Gateway.Jobs.Remote;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Timers;

/// <summary>Asks each provider whether it is there, and tells of those that come and go: the job <c>probe-providers</c>.</summary>
internal sealed class ProbeProviders(RemoteJobs jobs)
{
    [Function("probe-providers")]
    public Task RunAsync([TimerTrigger("%JOB_PROBE_PROVIDERS_SCHEDULE%")] TimerInfo timer, CancellationToken cancellation) => jobs.FireAsync("probe-providers", cancellation);
}
