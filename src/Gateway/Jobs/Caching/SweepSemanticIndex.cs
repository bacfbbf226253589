using Gateway.Caching.Semantic;

namespace Gateway.Jobs.Caching;

/// <summary>Deletes what has expired in the semantic index.</summary>
/// <param name="index">The index that this process uses.</param>
internal sealed class SweepSemanticIndex(ISemanticIndex index) : IJob
{
    /// <inheritdoc/>
    public string Name => "sweep-semantic-index";

    /// <inheritdoc/>
    public JobSchedule Schedule { get; } = new JobSchedule.Interval(TimeSpan.FromMinutes(10));

    /// <summary>Each process has its own index in memory. One that is shared is swept by each too, which costs it a query: so nobody but gateways must be able to reach it.</summary>
    public JobScope Scope => JobScope.Replica;

    /// <inheritdoc/>
    public async Task<JobReport> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var deleted = await index.SweepAsync(context.Now, cancellation).ConfigureAwait(false);
        return new JobReport(new Dictionary<string, long> { ["deleted"] = deleted });
    }
}
