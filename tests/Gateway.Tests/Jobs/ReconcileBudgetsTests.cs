using Gateway.Budgets;

namespace Gateway.Tests.Jobs;

public class ReconcileBudgetsTests
{
    private readonly BudgetJobsRig _rig = new();

    [Fact]
    public async Task RunAsync_NoDrift_ChangesNothing()
    {
        await using var book = _rig.Books.Book();
        await _rig.UseAsync(book, "a", 500);
        await ReportAsync(book);
        await _rig.PublishAsync();
        var writes = _rig.Books.Store.Writes;
        var report = await _rig.ReconcileAsync();
        Assert.Equal((1, 0, 0), (report.Counts["compared"], report.Counts["drifted"], report.Counts["undecided"]));
        Assert.Equal(writes, _rig.Books.Store.Writes);
        Assert.Empty(_rig.Books.Events);
    }

    [Theory]
    [InlineData(70)]
    [InlineData(-70)]
    public async Task RunAsync_Drift_IsReportedAndRepairedOnALiveReplica(long drift)
    {
        await using var book = _rig.Books.Book();
        await _rig.UseAsync(book, "a", 500);
        if (drift > 0)
            _rig.Record("a", drift); // an entry that nobody counted
        else
            await _rig.Books.UseAsync(book, -drift, _rig.Limit); // counted, and not in the ledger
        await ReportAsync(book);
        await _rig.PublishAsync();

        Assert.Equal(1, (await _rig.ReconcileAsync()).Counts["drifted"]);
        Assert.Equal(500 + Math.Max(0, drift), _rig.Books.Used(_rig.Limit));
        var raised = Assert.Single(_rig.Books.Events);
        Assert.Equal((LimitEventKind.Drift, drift), (raised.Kind, raised.Amount));

        // The replica goes on with it, and nothing is left to repair.
        await _rig.UseAsync(book, "a", 30);
        await ReportAsync(book);
        await _rig.PublishAsync();
        Assert.Equal(530 + Math.Max(0, drift), _rig.Books.Used(_rig.Limit));
        Assert.Equal(0, (await _rig.ReconcileAsync()).Counts["drifted"]);
    }

    [Fact]
    public async Task RunAsync_CorrectedBudget_IsNotExceeded()
    {
        await using var book = _rig.Books.Book();
        await _rig.UseAsync(book, "a", 500);
        _rig.Record("a", 999_000);
        await ReportAsync(book);
        await _rig.PublishAsync();
        await _rig.ReconcileAsync();
        _rig.Books.Time.Advance(TimeSpan.FromSeconds(10));
        await ReportAsync(book);
        Assert.Equal(ReserveFailure.Exhausted, (await _rig.Books.ReserveAsync(book, 600, _rig.Limit)).Failure);
        Assert.Equal(ReserveFailure.None, (await _rig.Books.ReserveAsync(book, 400, _rig.Limit)).Failure);
    }

    [Fact]
    public async Task RunAsync_UsageUnderWay_IsNoDrift()
    {
        await using var book = _rig.Books.Book();
        await _rig.UseAsync(book, "a", 500);
        await ReportAsync(book);
        // Reported and not published at the first look; at the second more was published than is reported.
        var report = await _rig.ReconcileAsync(async () =>
        {
            await _rig.UseAsync(book, "a", 100);
            await _rig.PublishAsync();
        });
        Assert.Equal(0, report.Counts["drifted"]);
        Assert.Empty(_rig.Books.Events);
    }

    [Fact]
    public async Task RunAsync_ReplicaDoesNotPublish_IsUndecided()
    {
        await using var book = _rig.Books.Book();
        await _rig.UseAsync(book, "a", 500);
        await ReportAsync(book);
        var report = await _rig.ReconcileAsync(() => Task.CompletedTask);
        Assert.Equal((0, 1), (report.Counts["drifted"], report.Counts["undecided"]));
        Assert.Equal(500, _rig.Books.Used(_rig.Limit));
    }

    [Fact]
    public async Task RunAsync_AfterARestart_TheLedgersSumsReplaceTheCorrection()
    {
        await using (var book = _rig.Books.Book())
        {
            await _rig.UseAsync(book, "a", 500);
            _rig.Record("a", 70);
            await ReportAsync(book);
            await _rig.PublishAsync();
            await _rig.ReconcileAsync();
            Assert.Equal(570, _rig.Books.Used(_rig.Limit));
        }

        _rig.Books.Spent[0] = 570;
        await using var next = _rig.Books.Book();
        await _rig.UseAsync(next, "a", 5);
        await ReportAsync(next);
        Assert.Equal(575, _rig.Books.Used(_rig.Limit));
    }

    private async Task ReportAsync(AllowanceBook book)
    {
        _rig.Books.Time.Advance(TimeSpan.FromSeconds(3));
        await book.UpkeepAsync();
    }
}
