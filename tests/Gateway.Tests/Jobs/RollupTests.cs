using Gateway.Events;
using Gateway.Jobs;
using Gateway.Jobs.Accounting;
using Gateway.Jobs.Usage;
using Gateway.Metering;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Jobs;

public class RollupTests
{
    private readonly UsageRig _rig = new();
    private readonly List<LedgerEntry> _entries = [];

    [Fact]
    public async Task RunAsync_DaysAndMonths_AreTheSumsOfTheirHours()
    {
        await AddAsync(1, 300);
        await RunAsync();
        foreach (var day in new[] { "20261122", "20261123" })
            await AssertSumsAsync(day, entry => RollupKeys.DayName(entry.Time) == day);
        await AssertSumsAsync("202611", _ => true);
        Assert.Empty((await StaleAsync()).Marked);
        Assert.Empty((await StaleAsync()).Taken);
    }

    [Fact]
    public async Task RunAsync_LateEntry_ComputesItsDayAnew()
    {
        await AddAsync(1, 50);
        await RunAsync();
        var writes = _rig.Store.Writes;
        await RunAsync();
        Assert.Equal(writes, _rig.Store.Writes); // nothing has changed, so nothing is written
        await AddAsync(51, 1);
        Assert.True((await StaleAsync()).Contains(RollupKeys.DayName(_entries[^1].Time)));
        await RunAsync();
        await AssertSumsAsync("202611", _ => true);
    }

    [Theory]
    [InlineData(StateFault.Unavailable)]
    [InlineData(StateFault.LostAnswer)]
    [InlineData(StateFault.Conflict)]
    public async Task RunAsync_FaultAtEachCall_IsRepairedByTheNextRun(StateFault fault)
    {
        await AddAsync(1, 60);
        var hit = true;
        for (var at = 0; hit; at++)
        {
            hit = false;
            await AddAsync(_entries.Count + 1, 3);
            var call = 0;
            _rig.Store.Faults = _ => call++ == at ? Hit() : StateFault.None;
            try
            {
                await RunAsync();
            }
            catch (IOException)
            {
                // A run that failed.
            }

            _rig.Store.Faults = null;
            await RunAsync();
            await AssertSumsAsync("202611", _ => true);
            Assert.Empty((await StaleAsync()).Taken);
        }

        StateFault Hit()
        {
            hit = true;
            return fault;
        }
    }

    [Fact]
    public async Task RunAsync_MoreSeriesThanAValueHolds_KeepsThemInParts()
    {
        _entries.AddRange(Enumerable.Range(1, 4_300).Select(i => UsageRig.Entry(i, 1) with { KeyId = $"key_{i}", Time = UsageRig.Start }));
        foreach (var chunk in _entries.Chunk(500))
            await UsageRig.DeliverAsync(_rig.Consumer(), UsageRig.Event("a", chunk));
        await RunAsync();
        await AssertSumsAsync("20261122", _ => true);
        var parts = _rig.Store.Keys.Count(key => key.StartsWith("rollup:day:20261122:", StringComparison.Ordinal));
        Assert.Equal(2, parts);
        _entries.Add(UsageRig.Entry(4_301, 1) with { Time = UsageRig.Start });
        await UsageRig.DeliverAsync(_rig.Consumer(), UsageRig.Event("a", _entries.TakeLast(1)));
        await RunAsync();
        await AssertSumsAsync("20261122", _ => true);
        Assert.Equal(parts, _rig.Store.Keys.Count(key => key.StartsWith("rollup:day:20261122:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Report_BeforeAndAfterTheJobs_IsTheLedgersSums(bool summedUp)
    {
        await AddAsync(1, 200);
        _entries.AddRange(Enumerable.Range(1, 20).Select(i => UsageRig.Entry(i, i, "b")));
        await UsageRig.DeliverAsync(_rig.Consumer(), UsageRig.Event("b", _entries.TakeLast(20)));
        if (summedUp)
            await RunAsync();
        foreach (var step in Enum.GetValues<UsageStep>())
        {
            var query = new UsageQuery(UsageGroup.Customer, UsageRig.Start, UsageRig.Start.AddHours(9), step);
            var expected = _entries.GroupBy(entry => (Start(step, entry.Time), entry.CustomerId)).OrderBy(g => g.Key.Item1).ThenBy(g => g.Key.CustomerId, StringComparer.Ordinal)
                .Select(g => new UsageRow(g.Key.Item1, g.Key.CustomerId, g.Select(UsageSums.Of).Aggregate((one, other) => one + other)));
            Assert.Equal(expected, await new UsageReport(_rig.Store).RunAsync(query, _ => true, default));
        }

        var teams = await new UsageReport(_rig.Store).RunAsync(new(UsageGroup.Team, UsageRig.Start, UsageRig.Start.AddDays(2), UsageStep.Month), series => series.Team == "t1", default);
        Assert.Equal(_entries.Count(entry => entry.TeamId == "t1"), Assert.Single(teams).Sums.Requests);
    }

    [Fact]
    public void Spans_TooMany_Refuses() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new UsageQuery(UsageGroup.Key, UsageRig.Start, UsageRig.Start.AddDays(90), UsageStep.Hour).Spans());

    private static DateTimeOffset Start(UsageStep step, DateTimeOffset time) =>
        step switch { UsageStep.Hour => RollupKeys.HourOf(time), UsageStep.Day => RollupKeys.DayOf(time), _ => RollupKeys.MonthOf(time) };

    private async Task AddAsync(int first, int count)
    {
        var entries = Enumerable.Range(first, count).Select(i => UsageRig.Entry(i, i)).ToList();
        _entries.AddRange(entries);
        Assert.Equal(EventVerdict.Done, await _rig.Consumer().HandleAsync(UsageRig.Event("a", entries), default));
    }

    private async Task RunAsync()
    {
        await new RollupDaily(_rig.Store).RunAsync(new JobContext(UsageRig.Start, 1, null), default);
        await new RollupMonthly(_rig.Store).RunAsync(new JobContext(UsageRig.Start, 1, null), default);
    }

    private Task<StaleSpans> StaleAsync() => new RollupReader(_rig.Store).ReadStaleAsync(default);

    private async Task AssertSumsAsync(string name, Func<LedgerEntry, bool> counts)
    {
        var lines = await new RollupReader(_rig.Store).ReadSpanAsync(name, default);
        Assert.NotNull(lines);
        Assert.Equal(
            UsageRig.SumsOf(_entries.Where(counts)).OrderBy(one => one.Key.ToString()),
            lines.Select(line => KeyValuePair.Create(line.Series, line.Sums)).OrderBy(one => one.Key.ToString()));
    }
}
