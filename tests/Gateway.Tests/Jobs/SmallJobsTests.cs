using Gateway.Audit;
using Gateway.Jobs;
using Gateway.Jobs.Accounting;
using Gateway.State.Journal;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Jobs;

public class SmallJobsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task AnchorAudit_HeadMoved_IsPublishedOnce()
    {
        var store = new MemoryStateStore();
        var journal = new StateJournal(store, AuditLog.JournalName, TimeProvider.System);
        var bus = new ScriptedBus();
        var job = new AnchorAudit(journal, bus);
        var nothing = await job.RunAsync(new JobContext(Now, 1, null), default);
        Assert.Equal(0, nothing.Counts["published"]);
        var head = await journal.TryAppendAsync(null, "test.done", "{}"u8.ToArray());
        var first = await job.RunAsync(new JobContext(Now, 2, null), default);
        await job.RunAsync(new JobContext(Now, 3, new JobRun { Counts = new(first.Counts) }), default);
        var published = Assert.Single(bus.Events);
        Assert.Equal(AuditAnchor.Of(head!).ToEvent().Id, published.Id);
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(61, 1)]
    public async Task PriceStaleness_ByAge_IsReported(int days, long stale)
    {
        var job = new PriceStaleness(DateOnly.FromDateTime(Now.UtcDateTime).AddDays(-days), TimeSpan.FromDays(60), NullLogger<PriceStaleness>.Instance);
        var report = await job.RunAsync(new JobContext(Now, 1, null), default);
        Assert.Equal((days, stale), (report.Counts["age_days"], report.Counts["stale"]));
        Assert.Equal(TimeSpan.FromDays(days), report.Lag);
    }
}
