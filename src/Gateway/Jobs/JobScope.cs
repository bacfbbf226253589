namespace Gateway.Jobs;

/// <summary>Where a job's subject is.</summary>
internal enum JobScope
{
    /// <summary>In shared state: one replica runs it at a time.</summary>
    Deployment,

    /// <summary>On each replica's own disk: every replica runs it. Nobody else can.</summary>
    Replica,
}
