using Gateway.Metering;

namespace Gateway.Tests.Metering;

public sealed class LedgerQueryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(1000)]
    public async Task QueryAsync_PageByPage_GivesEveryEntryOnceNewestFirst(int limit)
    {
        await using var bench = new LedgerBench();
        bench.Open();

        // Groups share a time: the cursor must tell them apart.
        for (var i = 0; i < 50; i++)
            await bench.Ledger.AppendAsync(Samples.Entry(i) with { Time = Samples.Epoch.AddSeconds(i / 9) });

        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = await bench.Ledger.QueryAsync(new LedgerQuery { Limit = limit, Cursor = cursor });
            Assert.InRange(page.Entries.Count, 1, limit);
            seen.AddRange(page.Entries.Select(entry => entry.Sequence));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(1, 50).Select(n => (long)n).Reverse(), seen);
    }

    [Fact]
    public async Task QueryAsync_NewEntriesWhilePaging_DoNotShiftPages()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        await bench.AppendAsync(10);
        var first = await bench.Ledger.QueryAsync(new LedgerQuery { Limit = 5 });
        await bench.AppendAsync(10, first: 10);

        var second = await bench.Ledger.QueryAsync(new LedgerQuery { Limit = 5, Cursor = first.NextCursor });

        Assert.Equal(["req_4", "req_3", "req_2", "req_1", "req_0"], second.Entries.Select(entry => entry.RequestId));
        Assert.Null(second.NextCursor);
    }

    [Fact]
    public async Task QueryAsync_EachFilter_GivesWhatMatches()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        for (var i = 0; i < 20; i++)
        {
            await bench.Ledger.AppendAsync(Samples.Entry(i) with
            {
                KeyId = $"key_{i % 2}",
                CustomerId = i < 12 ? "acme" : null,
                TeamId = i < 4 ? "red" : "blue",
                UserId = i == 3 ? "ada" : null,
                Provider = $"provider{i % 3}",
                RequestedModel = $"model{i % 4}",
                Outcome = (LedgerOutcome)(i % 4),
            });
        }

        async Task<int> CountAsync(LedgerQuery query) => (await bench.Ledger.QueryAsync(query)).Entries.Count;
        Assert.Equal(10, await CountAsync(new LedgerQuery { KeyId = "key_1" }));
        Assert.Equal(12, await CountAsync(new LedgerQuery { CustomerId = "acme" }));
        Assert.Equal(4, await CountAsync(new LedgerQuery { TeamId = "red" }));
        Assert.Equal(1, await CountAsync(new LedgerQuery { UserId = "ada" }));
        Assert.Equal(8, await CountAsync(new LedgerQuery { CustomerId = "acme", TeamId = "blue" }));
        Assert.Equal(7, await CountAsync(new LedgerQuery { Provider = "provider0" }));
        Assert.Equal(5, await CountAsync(new LedgerQuery { Model = "model3" }));
        Assert.Equal(5, await CountAsync(new LedgerQuery { Outcome = LedgerOutcome.Aborted }));
        Assert.Equal(1, await CountAsync(new LedgerQuery { RequestId = "req_7" }));
        Assert.Equal(0, await CountAsync(new LedgerQuery { RequestId = "' OR 1=1 --" }));
        Assert.Equal(15, await CountAsync(new LedgerQuery { From = Samples.Epoch.AddMilliseconds(5) }));
        Assert.Equal(5, await CountAsync(new LedgerQuery { To = Samples.Epoch.AddMilliseconds(5) }));
        Assert.Equal(2, await CountAsync(new LedgerQuery { KeyId = "key_0", Provider = "provider0", Model = "model0", Outcome = LedgerOutcome.Completed }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("AAAA")]
    public async Task QueryAsync_CursorNotOurs_IsRefused(string cursor)
    {
        await using var bench = new LedgerBench();
        bench.Open();

        await Assert.ThrowsAsync<FormatException>(() => bench.Ledger.QueryAsync(new LedgerQuery { Cursor = cursor }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Limit_OutOfRange_IsRefused(int limit) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LedgerQuery { Limit = limit });

    [Fact]
    public async Task SummarizeAsync_TwoKeysAndModels_AddsUpTheKeysOwn()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        for (var i = 0; i < 10; i++)
        {
            await bench.Ledger.AppendAsync(Samples.Full() with
            {
                Time = Samples.Epoch.AddSeconds(i),
                KeyId = $"key_{i % 2}",
                RequestedModel = i < 4 ? "a" : "b",
                Estimated = i == 4,
                CostNanoUsd = 1L << i,
            });
        }

        var summary = await bench.Ledger.SummarizeAsync("key_0", to: Samples.Epoch.AddSeconds(8));

        Assert.Equal(4, summary.Requests);
        Assert.Equal(1 + 4 + 16 + 64, summary.CostNanoUsd);
        Assert.Equal(
            [
                new ModelUsage("a", 2, 0, new TokenUsage(14, 12, 10, 8, 6, 4, 2), 5),
                new ModelUsage("b", 2, 1, new TokenUsage(14, 12, 10, 8, 6, 4, 2), 80),
            ],
            summary.Models);
    }
}
