using Gateway.Jobs.Remote;
using Microsoft.Azure.Functions.Worker;

namespace Functions.Timers;

/// <summary>Compares what budgets say was spent with the ledgers, and puts it right: the job <c>reconcile-budgets</c>.</summary>
internal sealed class ReconcileBudgets(RemoteJobs jobs)
{
    [Function("reconcile-budgets")]
    public Task RunAsync([TimerTrigger("%JOB_RECONCILE_BUDGETS_SCHEDULE%")] TimerInfo timer, CancellationToken cancellation) => jobs.FireAsync("reconcile-budgets", cancellation);
}
