namespace Gateway.Jobs;

/// <summary>One run of a job.</summary>
/// <param name="Now">When it began.</param>
/// <param name="Fence">Greater than that of every earlier run.</param>
/// <param name="Previous">The run before, whoever ran it; null: none that is known.</param>
internal sealed record JobContext(DateTimeOffset Now, long Fence, JobRun? Previous);
