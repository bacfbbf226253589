using Gateway.Budgets;
using Gateway.Events;
using Gateway.Jobs;
using Gateway.Jobs.Accounting;
using Gateway.Jobs.Usage;
using Gateway.Metering;
using Gateway.Tests.Budgets;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Jobs;

/// <summary>Replicas that use a team's budget, what they published, and the jobs that compare both.</summary>
internal sealed class BudgetJobsRig
{
    private readonly Dictionary<string, List<LedgerEntry>> _ledgers = [];

    public BookRig Books { get; } = new();

    public LimitSpec Limit { get; } = Limits.Budget(1_000_000);

    /// <summary>Something was used: the replica counts it, and its ledger has it.</summary>
    public async Task UseAsync(AllowanceBook book, string replica, long amount)
    {
        await Books.UseAsync(book, amount, Limit);
        Record(replica, amount);
    }

    /// <summary>The ledger has something, whether it was counted or not.</summary>
    public void Record(string replica, long amount)
    {
        if (!_ledgers.TryGetValue(replica, out var ledger))
            _ledgers[replica] = ledger = [];
        ledger.Add(UsageRig.Entry(ledger.Count + 1, 1, replica) with { Time = Books.Now, TeamId = "t1", CostNanoUsd = amount, Attempts = 1 });
    }

    /// <summary>Publishes and sums up what replicas have recorded.</summary>
    public async Task PublishAsync()
    {
        var consumer = new UsageConsumer(Books.Store, NullLogger<UsageConsumer>.Instance);
        foreach (var (replica, entries) in _ledgers)
        {
            Assert.Equal(EventVerdict.Done, await consumer.HandleAsync(UsageRig.Event(replica, entries), default));
            await MarkAsync(replica, entries.Count, Books.Now);
        }
    }

    public async Task MarkAsync(string replica, long sequence, DateTimeOffset completeAt) => await Books.Store.SetAsync(
        RollupKeys.Published(replica), StateValues.Write(new PublishedMark(sequence, completeAt), JobsJson.Default.PublishedMark));

    /// <summary>Reconciles. Between its two looks the clock moves, replicas report and publish.</summary>
    public async Task<JobReport> ReconcileAsync(Func<Task>? meanwhile = null)
    {
        var time = new TimerWatch();
        time.SetUtcNow(Books.Now);
        var job = new ReconcileBudgets(Books.Store, () => [Limit], Books, null, time, NullLogger<ReconcileBudgets>.Instance);
        var running = job.RunAsync(new JobContext(Books.Now, 1, null), default);
        if (!running.IsCompleted)
        {
            Books.Time.Advance(TimeSpan.FromSeconds(30));
            await (meanwhile?.Invoke() ?? PublishAsync());
            await time.PassNextWaitAsync();
        }

        return await running;
    }

    public Task<JobReport> ReclaimAsync() =>
        new ReclaimLeases(Books.Store, () => [Limit], Books.Time, NullLogger<ReclaimLeases>.Instance).RunAsync(new JobContext(Books.Now, 1, null), default);
}
