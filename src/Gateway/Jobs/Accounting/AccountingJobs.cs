using Gateway.Audit;
using Gateway.Budgets;
using Gateway.State.Journal;
using Microsoft.Extensions.Logging;

namespace Gateway.Jobs.Accounting;

/// <summary>The jobs of accounting, declared once for every host.</summary>
internal static class AccountingJobs
{
    /// <summary>All of them.</summary>
    public static IEnumerable<IJob> Create(AccountingPorts ports)
    {
        yield return new RollupDaily(ports.State);
        yield return new RollupMonthly(ports.State);
        yield return new ReconcileBudgets(
            ports.State, ports.Limits, new LimitEventPublisher(ports.Events), ports.Own?.Ledger, ports.Time, ports.Loggers.CreateLogger<ReconcileBudgets>());
        yield return new ReclaimLeases(ports.State, ports.Limits, ports.Time, ports.Loggers.CreateLogger<ReclaimLeases>());
        yield return new AnchorAudit(new StateJournal(ports.State, AuditLog.JournalName, ports.Time), ports.Events);
        yield return new PriceStaleness(ports.PricesAsOf, ports.StalePrices, ports.Loggers.CreateLogger<PriceStaleness>());
        if (ports is { Own: { } own, KeepLedger: { } keep })
            yield return new LedgerRetention(own.Outbox, keep);
    }
}
