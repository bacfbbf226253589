using System.Text.Json;
using Gateway.Admission.Directory;
using Gateway.Events;
using Gateway.Events.Dapr;
using Gateway.Jobs.Usage;

namespace Gateway.Jobs.Remote;

/// <summary>
/// The jobs and the consumer of usage, for a host that is not a gateway. What such a host triggers calls one method here. Any number of hosts may be there at
/// once: the store says who runs what.
/// </summary>
/// <param name="catalogue">The jobs of the deployment.</param>
/// <param name="runner">Runs them.</param>
/// <param name="directory">Brought up to date before each run, for jobs look at limits; null: none needs it.</param>
/// <param name="consumer">Takes usage.</param>
/// <param name="bus">Counts how often an event was tried, and sends what nobody can take to the dead letters.</param>
/// <param name="connection">What all of them use; closed with them.</param>
internal sealed class RemoteJobs(JobCatalogue catalogue, JobRunner runner, DirectoryService? directory, UsageConsumer consumer, DaprEventBus bus, IDisposable connection)
    : IAsyncDisposable
{
    private readonly IAsyncDisposable _subscription = bus.Subscribe(Topics.Usage, consumer.HandleAsync);

    /// <summary>The variable that says when a job's timer fires: <c>JOB_ROLLUP_DAILY_SCHEDULE</c> for <c>rollup-daily</c>.</summary>
    public static string SettingOf(string job) => $"JOB_{job.Replace('-', '_').ToUpperInvariant()}_SCHEDULE";

    /// <summary>The jobs at the times that variables say, and otherwise at their own.</summary>
    /// <exception cref="FormatException">A variable says no schedule.</exception>
    public static JobCatalogue Schedule(IEnumerable<IJob> jobs, IReadOnlyDictionary<string, string> environment) => new(jobs
        .Where(job => job.Scope == JobScope.Deployment)
        .Select(job => environment.GetValueOrDefault(SettingOf(job.Name)) is { Length: > 0 } text ? new RescheduledJob(job, NCrontab.Parse(text)) : job));

    /// <summary>A timer has fired: runs the job unless it has been run for this time already, here or elsewhere.</summary>
    /// <returns>The run; null: it was not due, or somebody else has it.</returns>
    /// <exception cref="ArgumentException">There is no such job.</exception>
    /// <exception cref="IOException">The store is away; the next firing tries again.</exception>
    public Task<JobRun?> FireAsync(string job, CancellationToken cancellation) => RunAsync(Find(job), onlyIfDue: true, cancellation);

    /// <summary>Somebody asks for a run now.</summary>
    /// <returns>Status and JSON: 200 with the run, 404, or 409 while somebody runs it.</returns>
    /// <exception cref="IOException">The store is away.</exception>
    public async Task<(int Status, byte[] Json)> RunNowAsync(string name, CancellationToken cancellation)
    {
        if (catalogue.Find(name) is not { } job)
            return (404, """{"error":"There is no such job."}"""u8.ToArray());
        return await RunAsync(job, onlyIfDue: false, cancellation).ConfigureAwait(false) is { } run
            ? (200, JsonSerializer.SerializeToUtf8Bytes(run, JobsJson.Default.JobRun))
            : (409, """{"error":"The job is running already."}"""u8.ToArray());
    }

    /// <summary>Every job, its schedule, and how its last run went: JSON.</summary>
    /// <exception cref="IOException">The store is away.</exception>
    public async Task<byte[]> ListAsync(CancellationToken cancellation) =>
        JsonSerializer.SerializeToUtf8Bytes(await JobList.ReadAsync(catalogue, runner, NCrontab.Of, cancellation).ConfigureAwait(false), JobsJson.Default.JobList);

    /// <summary>The sidecar delivers an event.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="envelope">The CloudEvents envelope.</param>
    /// <param name="cancellation">The caller has gone.</param>
    /// <returns>What the sidecar is told, as JSON. Never a status of 404: the sidecar would drop the event.</returns>
    public async Task<byte[]> DeliverAsync(string topic, ReadOnlyMemory<byte> envelope, CancellationToken cancellation) =>
        DeliveryReply.Of(CloudEventEnvelope.Read(envelope) is { } e ? await bus.HandleAsync(topic, e, cancellation).ConfigureAwait(false) : EventVerdict.Poison);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _subscription.DisposeAsync().ConfigureAwait(false);
        if (directory is not null)
            await directory.DisposeAsync().ConfigureAwait(false);
        runner.Dispose();
        connection.Dispose();
    }

    private IJob Find(string name) => catalogue.Find(name) ?? throw new ArgumentException($"There is no job '{name}'.", nameof(name));

    private async Task<JobRun?> RunAsync(IJob job, bool onlyIfDue, CancellationToken cancellation)
    {
        if (directory is not null)
            await directory.NudgeAsync(cancellation).ConfigureAwait(false);
        return (await runner.TryRunAsync(job, onlyIfDue, cancellation).ConfigureAwait(false)).Run;
    }
}
