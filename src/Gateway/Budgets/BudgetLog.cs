using Microsoft.Extensions.Logging;

namespace Gateway.Budgets;

/// <summary>Log messages of leases.</summary>
internal static partial class BudgetLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The value {Key} could not be read or written; limits go on by what is leased.")]
    public static partial void StoreAway(ILogger log, string key, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking after leases failed; it goes on.")]
    public static partial void UpkeepFailed(ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "An event of the limit {Limit} was not taken.")]
    public static partial void EventFailed(ILogger log, string limit, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The limit {Limit} was overrun by {Amount}: more was billed than had been reserved.")]
    public static partial void Overrun(ILogger log, string limit, long amount);

    [LoggerMessage(Level = LogLevel.Information, Message = "Settled what an earlier life of this replica held: {Count} limits.")]
    public static partial void Recovered(ILogger log, int count);
}
