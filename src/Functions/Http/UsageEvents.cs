using System.Net;
using Gateway.Jobs.Remote;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Functions.Http;

/// <summary>Takes the events that the sidecar's subscription posts.</summary>
internal sealed class UsageEvents(RemoteJobs jobs, SidecarGate sidecar)
{
    [Function("usage-events")]
    public async Task<HttpResponseData> DeliverAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "dapr/events/{topic}")] HttpRequestData request, string topic, CancellationToken cancellation) =>
        sidecar.Allows(request)
            ? await Replies.JsonAsync(request, 200, await jobs.DeliverAsync(topic, await Replies.ReadAsync(request, cancellation), cancellation), cancellation)
            : request.CreateResponse(HttpStatusCode.Forbidden);
}
