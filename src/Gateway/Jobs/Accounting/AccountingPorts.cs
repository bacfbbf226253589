using Gateway.Budgets;
using Gateway.Events;
using Gateway.Metering;
using Gateway.State;
using Microsoft.Extensions.Logging;

namespace Gateway.Jobs.Accounting;

/// <summary>What the jobs of accounting work on. Every host of jobs has these; only a replica has a ledger.</summary>
internal sealed record AccountingPorts
{
    /// <summary>The state store.</summary>
    public required IStateStore State { get; init; }

    /// <summary>The event bus.</summary>
    public required IEventBus Events { get; init; }

    /// <summary>Every limit there is, as the directory has it when a job runs.</summary>
    public required Func<IEnumerable<LimitSpec>> Limits { get; init; }

    /// <summary>The day that the catalogue's prices are of.</summary>
    public required DateOnly PricesAsOf { get; init; }

    /// <summary>From which age on they are reported.</summary>
    public required TimeSpan StalePrices { get; init; }

    /// <summary>The ledger of the replica that runs the jobs, and it as an outbox; null: no replica does.</summary>
    public (Ledger Ledger, UsageOutbox Outbox)? Own { get; init; }

    /// <summary>How long ledger entries are kept; null: for ever.</summary>
    public TimeSpan? KeepLedger { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Loggers.</summary>
    public required ILoggerFactory Loggers { get; init; }
}
