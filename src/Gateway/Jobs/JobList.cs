namespace Gateway.Jobs;

/// <summary>The jobs, as their hosts list them.</summary>
/// <param name="Data">In the catalogue's order.</param>
internal sealed record JobList(IReadOnlyList<ListedJob> Data)
{
    /// <summary>Asks how every job's last run went.</summary>
    /// <param name="catalogue">The jobs.</param>
    /// <param name="runner">Knows their runs.</param>
    /// <param name="schedule">Writes when one runs; null, or what it gives null for: the list does not say.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The store is away.</exception>
    public static async Task<JobList> ReadAsync(JobCatalogue catalogue, JobRunner runner, Func<JobSchedule, string?>? schedule, CancellationToken cancellation)
    {
        var jobs = new List<ListedJob>();
        foreach (var job in catalogue.All)
            jobs.Add(new ListedJob(job.Name, schedule?.Invoke(job.Schedule), await runner.LastAsync(job, cancellation).ConfigureAwait(false)));
        return new JobList(jobs);
    }
}
