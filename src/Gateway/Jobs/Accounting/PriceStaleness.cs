using Microsoft.Extensions.Logging;

namespace Gateway.Jobs.Accounting;

/// <summary>Reports a catalogue of prices that has grown old.</summary>
/// <param name="asOf">The day the prices are of.</param>
/// <param name="longest">From which age on they are reported.</param>
/// <param name="logger">Told of it.</param>
internal sealed partial class PriceStaleness(DateOnly asOf, TimeSpan longest, ILogger<PriceStaleness> logger) : IJob
{
    /// <inheritdoc/>
    public string Name => "price-staleness";

    /// <inheritdoc/>
    public JobSchedule Schedule { get; } = new JobSchedule.Cron("30 3 * * *");

    /// <inheritdoc/>
    public Task<JobReport> RunAsync(JobContext context, CancellationToken cancellation)
    {
        var age = DateOnly.FromDateTime(context.Now.UtcDateTime).DayNumber - asOf.DayNumber;
        var stale = age > longest.TotalDays;
        if (stale)
            LogStale(asOf, age);
        return Task.FromResult(new JobReport(new Dictionary<string, long> { ["age_days"] = age, ["stale"] = stale ? 1 : 0 }, TimeSpan.FromDays(Math.Max(0, age))));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The catalogue's prices are of {AsOf}, {Days} days old; update the gateway or set prices under 'models'")]
    private partial void LogStale(DateOnly asOf, int days);
}
