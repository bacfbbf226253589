namespace Gateway.Jobs;

/// <summary>Work that is done outside requests. It may be broken off anywhere and is then run again: what it does twice is done once.</summary>
internal interface IJob
{
    /// <summary>Unique, kebab-case. Part of state keys.</summary>
    string Name { get; }

    /// <summary>When it runs.</summary>
    JobSchedule Schedule { get; }

    /// <summary>Who runs it.</summary>
    JobScope Scope => JobScope.Deployment;

    /// <summary>Runs it once. What it throws is a failed run; it is run again at the next time.</summary>
    /// <param name="context">The run.</param>
    /// <param name="cancellation">The process ends, or somebody else has the job now: stop.</param>
    Task<JobReport> RunAsync(JobContext context, CancellationToken cancellation);
}
