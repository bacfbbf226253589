using Gateway.Budgets;
using Gateway.Tests.Budgets;

namespace Gateway.Tests.Jobs;

public class ReclaimLeasesTests
{
    private readonly BudgetJobsRig _rig = new();

    [Fact]
    public async Task RunAsync_ReplicaGone_GivesBackWhatItHeldAndCountsItsLedger()
    {
        await DieAsync();
        await using var other = _rig.Books.Book("b");
        Assert.Equal(ReserveFailure.Contended, (await _rig.Books.AnswerAsync(_rig.Books.ReserveAsync(other, 999_000, _rig.Limit))).Failure);

        Assert.Equal(0, (await _rig.ReclaimAsync()).Counts["reclaimed"]); // its lease has not expired
        _rig.Books.Time.Advance(TimeSpan.FromMinutes(16));
        await _rig.PublishAsync();
        Assert.Equal(1, (await _rig.ReclaimAsync()).Counts["reclaimed"]);

        var slot = _rig.Books.Value(_rig.Limit).Find("a")!;
        Assert.Equal((0, 700), (slot.Held, slot.Used[0]));
        await _rig.Books.HoldAsync(other, 999_300, _rig.Limit);
        Assert.Equal(0, (await _rig.ReclaimAsync()).Counts["reclaimed"]);
    }

    [Fact]
    public async Task RunAsync_PublishedAndNotSummedUp_Waits()
    {
        await DieAsync();
        _rig.Books.Time.Advance(TimeSpan.FromMinutes(16));
        await _rig.MarkAsync("a", 2, _rig.Books.Now);
        var report = await _rig.ReclaimAsync();
        Assert.Equal((0, 1), (report.Counts["reclaimed"], report.Counts["waiting"]));
        await _rig.PublishAsync();
        Assert.Equal(1, (await _rig.ReclaimAsync()).Counts["reclaimed"]);
    }

    [Fact]
    public async Task RunAsync_ReportedAndNeverPublished_StillCounts()
    {
        await DieAsync();
        _rig.Books.Time.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(1, (await _rig.ReclaimAsync()).Counts["reclaimed"]);
        Assert.Equal(500, _rig.Books.Used(_rig.Limit));
    }

    [Fact]
    public async Task RunAsync_ReplicaLives_IsLeftAlone()
    {
        await using var book = _rig.Books.Book();
        await _rig.Books.HoldAsync(book, 900, _rig.Limit);
        _rig.Books.Time.Advance(TimeSpan.FromMinutes(4));
        await book.UpkeepAsync();
        _rig.Books.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, (await _rig.ReclaimAsync()).Counts["reclaimed"]);
    }

    /// <summary>A replica reports 500, uses 200 more, and is gone with all it holds.</summary>
    private async Task DieAsync()
    {
        var book = _rig.Books.Book();
        await _rig.UseAsync(book, "a", 500);
        await _rig.Books.HoldAsync(book, 900_000, _rig.Limit);
        _rig.Books.Time.Advance(TimeSpan.FromSeconds(3));
        await book.UpkeepAsync();
        await _rig.UseAsync(book, "a", 200);
        Assert.Equal(500, _rig.Books.Used(_rig.Limit));
    }
}
