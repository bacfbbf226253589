using Gateway.Jobs.Remote;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Timers;

/// <summary>Reports prices that have grown old: the job <c>price-staleness</c>.</summary>
internal sealed class PriceStaleness(RemoteJobs jobs)
{
    [Function("price-staleness")]
    public Task RunAsync([TimerTrigger("%JOB_PRICE_STALENESS_SCHEDULE%")] TimerInfo timer, CancellationToken cancellation) => jobs.FireAsync("price-staleness", cancellation);
}
