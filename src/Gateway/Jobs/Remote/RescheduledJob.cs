namespace Gateway.Jobs.Remote;

/// <summary>A job at other times than it declares.</summary>
internal sealed class RescheduledJob(IJob job, JobSchedule schedule) : IJob
{
    /// <inheritdoc/>
    public string Name => job.Name;

    /// <inheritdoc/>
    public JobSchedule Schedule => schedule;

    /// <inheritdoc/>
    public JobScope Scope => job.Scope;

    /// <inheritdoc/>
    public Task<JobReport> RunAsync(JobContext context, CancellationToken cancellation) => job.RunAsync(context, cancellation);
}
