namespace Gateway.Jobs;

/// <summary>What came of trying to run a job.</summary>
/// <param name="Run">How it went; null: it was not run here, because it is not due or somebody else runs it.</param>
/// <param name="Next">When to try again.</param>
internal readonly record struct JobAttempt(JobRun? Run, DateTimeOffset Next);
