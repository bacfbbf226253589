using Gateway.Jobs.Remote;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Functions.Http;

/// <summary>How the jobs' last runs went, and running one now. Both want a function key.</summary>
internal sealed class JobRuns(RemoteJobs jobs)
{
    [Function("list-jobs")]
    public async Task<HttpResponseData> ListAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "jobs")] HttpRequestData request, CancellationToken cancellation) =>
        await Replies.JsonAsync(request, 200, await jobs.ListAsync(cancellation), cancellation);

    [Function("run-job")]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "jobs/{name}/run")] HttpRequestData request, string name, CancellationToken cancellation)
    {
        var (status, json) = await jobs.RunNowAsync(name, cancellation);
        return await Replies.JsonAsync(request, status, json, cancellation);
    }
}
