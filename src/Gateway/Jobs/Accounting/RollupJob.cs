using Gateway.Jobs.Usage;
using Gateway.State;

namespace Gateway.Jobs.Accounting;

/// <summary>Sums up the days, or the months, that have changed since they were last summed up.</summary>
internal abstract class RollupJob(IStateStore store, bool days) : IJob
{
    private readonly RollupWriter _writer = new(store);

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract JobSchedule Schedule { get; }

    /// <inheritdoc/>
    public async Task<JobReport> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var taken = await _writer.TakeAsync(days, cancellation).ConfigureAwait(false);
        var series = 0L;
        foreach (var name in taken)
            series += await _writer.SumUpAsync(name, cancellation).ConfigureAwait(false);
        return new JobReport(new Dictionary<string, long> { [days ? "days" : "months"] = taken.Count, ["series"] = series });
    }
}
