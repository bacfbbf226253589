using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admission.Roles;
using Gateway.Errors;
using Gateway.Jobs;
using GatewayApi.Hosting;

namespace GatewayApi.Endpoints.Admin;

/// <summary>The jobs: how their last runs went, and running one now.</summary>
internal sealed class JobEndpoints(JobCatalogue catalogue, JobRunner runner)
{
    /// <summary>Maps them.</summary>
    public static void Map(AdminRoutes routes)
    {
        var endpoints = new JobEndpoints(routes.Services.GetRequiredService<JobCatalogue>(), routes.Services.GetRequiredService<JobRunner>());
        routes.Get("/jobs", Permission.Run, new EndpointDescription("listJobs", "Lists jobs and how their last runs went"), endpoints.ListAsync);
        routes.Post("/jobs/{id}/run", Permission.Run, new EndpointDescription("runJob", "Runs a job now")
        {
            Details = "Answers when it has run. 409 while somebody runs it already.",
            Errors = [404, 409],
        }, endpoints.RunAsync);
    }

    private async Task ListAsync(AdminCall call) =>
        await WriteAsync(call, await JobList.ReadAsync(catalogue, runner, schedule: null, call.Cancellation), JobsJson.Default.JobList);

    private async Task RunAsync(AdminCall call)
    {
        var job = catalogue.Find(call.Id) ?? throw new ProblemException(new GatewayError(ErrorKinds.EntityNotFound, $"There is no job '{call.Id}'."));
        // Not the caller's token: who goes away does not break off what everybody needs.
        var attempt = await runner.TryRunAsync(job, onlyIfDue: false, CancellationToken.None);
        if (attempt.Run is not { } run)
            throw new ProblemException(new GatewayError(ErrorKinds.JobRunning, $"The job '{job.Name}' is running already."));
        await WriteAsync(call, run, JobsJson.Default.JobRun);
    }

    private static async Task WriteAsync<T>(AdminCall call, T value, JsonTypeInfo<T> type)
    {
        call.Http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(call.Http.Response.BodyWriter);
        JsonSerializer.Serialize(json, value, type);
    }
}
