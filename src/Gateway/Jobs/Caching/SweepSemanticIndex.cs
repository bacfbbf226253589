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

    /// <summary>An index in memory is its process's own. One that is shared is swept by every replica too: that costs it a count, and Functions need not know of it.</summary>
    public JobScope Scope => JobScope.Replica;

    /// <inheritdoc/>
    public async Task<JobReport> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var deleted = await index.SweepAsync(context.Now, cancellation).ConfigureAwait(false);
        return new JobReport(new Dictionary<string, long> { ["deleted"] = deleted });
    }
}
