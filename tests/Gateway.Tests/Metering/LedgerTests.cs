using Gateway.Metering;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Metering;

public sealed class LedgerTests
{
    [Fact]
    public async Task AppendAsync_FullEntry_ReadsBackEqual()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        var entry = Samples.Full();

        var sequence = await bench.Ledger.AppendAsync(entry);

        var read = Assert.Single((await bench.Ledger.QueryAsync(new LedgerQuery())).Entries);
        Assert.Equal(entry with { Replica = bench.Ledger.Replica, Sequence = 1 }, read);
        Assert.Equal(1, sequence);
    }

    [Fact]
    public async Task AppendAsync_EmptyEntry_ReadsBackEqual()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        var entry = new LedgerEntry { Time = Samples.Epoch, RequestId = "", KeyId = "", Operation = "", RequestedModel = "" };

        await bench.Ledger.AppendAsync(entry);

        var read = Assert.Single((await bench.Ledger.QueryAsync(new LedgerQuery())).Entries);
        Assert.Equal(entry with { Replica = bench.Ledger.Replica, Sequence = 1 }, read);
    }

    [Fact]
    public async Task AppendAsync_LoneSurrogate_IsRecordedWithReplacement()
    {
        await using var bench = new LedgerBench();
        bench.Open();

        await bench.Ledger.AppendAsync(Samples.Entry(0) with { RequestedModel = "a\ud800b" });

        Assert.Equal("a\ufffdb", Assert.Single(await bench.AllAsync()).RequestedModel);
    }

    [Fact]
    public async Task AppendAsync_EndlessText_IsCut()
    {
        await using var bench = new LedgerBench();
        bench.Open();

        await bench.Ledger.AppendAsync(Samples.Entry(0) with { RequestedModel = new string('x', 1 << 20) });

        Assert.Equal(1_024, Assert.Single(await bench.AllAsync()).RequestedModel.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AppendAsync_ManyAtOnce_SequencesHaveNoGapAndEveryEntryIsStoredOnce(bool always)
    {
        const int tasks = 64;
        var each = always ? 50 : 1_000;
        await using var bench = new LedgerBench { Options = new LedgerOptions { DataDirectory = "", Fsync = always ? FsyncMode.Always : FsyncMode.Interval, SegmentBytes = 1 << 20 } };
        bench.Open();

        var sequences = await Task.WhenAll(Enumerable.Range(0, tasks).Select(task => Task.Run(async () =>
        {
            var mine = new List<long>();
            for (var i = 0; i < each; i++)
                mine.Add(await bench.Ledger.AppendAsync(Samples.Entry((task * each) + i)));
            return mine;
        })));

        Assert.All(sequences, mine => Assert.Equal(mine.Order(), mine));
        Assert.Equal(Enumerable.Range(1, tasks * each).Select(n => (long)n), sequences.SelectMany(s => s).Order());
        var stored = await bench.AllAsync();
        Assert.Equal(tasks * each, stored.Count);
        Assert.Equal(tasks * each, stored.Select(entry => entry.RequestId).Distinct().Count());
        Assert.Equal(tasks * each, stored.Select(entry => entry.Sequence).Distinct().Count());
        Assert.Equal(0, bench.Ledger.LagEntries);
    }

    [Fact]
    public async Task Open_AfterKillBeforeApply_AppliesEveryEntryOnce()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        await bench.AppendAsync(100);
        await bench.Ledger.FlushAsync();
        await bench.AppendAsync(100, first: 100);
        Assert.Equal(100, bench.Ledger.LagEntries);

        await using var survivor = bench.Killed();

        Assert.Equal(bench.Ledger.Replica, survivor.Ledger.Replica);
        Assert.Equal(Enumerable.Range(1, 200).Select(n => (long)n), (await survivor.AllAsync()).Select(entry => entry.Sequence));
        Assert.Equal(201, await survivor.Ledger.AppendAsync(Samples.Entry(200)));
    }

    [Fact]
    public async Task Open_KilledAgainAndAgain_DoublesAndLosesNothing()
    {
        var bench = new LedgerBench { Options = new LedgerOptions { DataDirectory = "", SegmentBytes = 4_096 } };
        bench.Open();
        for (var round = 0; round < 8; round++)
        {
            await bench.AppendAsync(25, first: round * 25);
            if (round % 3 == 0)
                await bench.Ledger.FlushAsync();
            var survivor = bench.Killed();
            await bench.DisposeAsync();
            bench = survivor;
        }

        Assert.Equal(Enumerable.Range(0, 200).Select(n => $"req_{n}"), (await bench.AllAsync()).Select(entry => entry.RequestId));
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Open_StoreIsGone_IsRebuiltFromSpool()
    {
        using var directory = new TempDirectory();
        await using (var ledger = await OpenAsync(directory))
        {
            for (var i = 0; i < 10; i++)
                await ledger.AppendAsync(Samples.Entry(i));
        }

        File.Delete(LedgerPaths.Database(directory.Path));
        await using var again = await OpenAsync(directory);

        Assert.Equal(10, (await again.QueryAsync(new LedgerQuery())).Entries.Count);
    }

    [Fact]
    public async Task Open_StoreIsAheadOfSpool_TakesNewSequences()
    {
        using var directory = new TempDirectory();
        await using (var ledger = await OpenAsync(directory))
        {
            for (var i = 0; i < 10; i++)
                await ledger.AppendAsync(Samples.Entry(i));
        }

        // As after a machine crash that lost the spool's last pages but not the store's.
        var segment = Assert.Single(SpoolSegment.List(LedgerPaths.Spool(directory.Path)));
        await File.WriteAllBytesAsync(segment.Path, (await File.ReadAllBytesAsync(segment.Path)).AsMemory(0, (int)segment.Length / 2).ToArray());
        for (var round = 0; round < 2; round++)
        {
            await using var again = await OpenAsync(directory);
            Assert.Equal(11 + round, await again.AppendAsync(Samples.Entry(10 + round)));
            Assert.Equal(11 + round, (await again.QueryAsync(new LedgerQuery())).Entries.Count);
        }
    }

    [Fact]
    public async Task Open_DirectoryInUse_IsRefused()
    {
        await using var bench = new LedgerBench();
        bench.Open();

        var error = await Assert.ThrowsAsync<IOException>(() => OpenAsync(bench.Directory));

        Assert.Contains("in use by another gateway", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Append_SegmentFull_RotatesAndDeletesAppliedSegments()
    {
        await using var bench = new LedgerBench { Options = new LedgerOptions { DataDirectory = "", SegmentBytes = 2_048 } };
        bench.Open();
        await bench.AppendAsync(100);
        var before = SpoolSegment.List(bench.Spool);
        Assert.True(before.Count > 10);
        Assert.All(before.SkipLast(1), segment => Assert.InRange(segment.Length, 1, 2_048)); // the newest has room for more

        await bench.Ledger.FlushAsync();

        Assert.Single(SpoolSegment.List(bench.Spool));
        Assert.Equal(100, (await bench.AllAsync()).Count);
        Assert.Equal(101, await bench.Ledger.AppendAsync(Samples.Entry(100)));
    }

    [Fact]
    public async Task AppendAsync_IntervalPasses_FlushesOnceAndOnlyWhenDirty()
    {
        var file = new FaultyFile();
        await using var bench = new LedgerBench();
        bench.Open(file.Open);
        await bench.AppendAsync(10);
        Assert.Equal(0, file.Flushes);

        var flushed = file.NextFlush();
        while (!flushed.IsCompleted)
        {
            bench.Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        var seen = file.Flushes;
        for (var i = 0; i < 100; i++)
        {
            bench.Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        Assert.Equal(seen, file.Flushes);
    }

    [Fact]
    public async Task AppendAsync_FsyncAlways_FlushesBeforeCompleting()
    {
        var file = new FaultyFile();
        await using var bench = new LedgerBench { Options = new LedgerOptions { DataDirectory = "", Fsync = FsyncMode.Always } };
        bench.Open(file.Open);

        await bench.AppendAsync(3);

        Assert.Equal(3, file.Flushes);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(7, true)]
    [InlineData(100, true)]
    [InlineData(100, false)]
    public async Task AppendAsync_DiskFullThenFree_RefusesThenRecoversWithoutGapOrHalfLine(int bytesThatFit, bool canTruncate)
    {
        var file = new FaultyFile();
        await using var bench = new LedgerBench();
        bench.Open(file.Open);
        await bench.AppendAsync(2);

        file.FailAfter(bytesThatFit, canTruncate);
        await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await bench.Ledger.AppendAsync(Samples.Entry(90)));
        await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await bench.Ledger.AppendAsync(Samples.Entry(91)));
        file.Heal();

        Assert.Equal(3, await bench.Ledger.AppendAsync(Samples.Entry(2)));
        Assert.Equal(["req_0", "req_1", "req_2"], (await bench.AllAsync()).Select(entry => entry.RequestId));
        await using var survivor = bench.Killed();
        Assert.Equal(3, (await survivor.AllAsync()).Count);
    }

    [Fact]
    public async Task AppendAsync_DiskFullUnderLoad_EveryAcknowledgedEntryAndNoOtherIsStored()
    {
        var file = new FaultyFile();
        await using var bench = new LedgerBench();
        bench.Open(file.Open);
        var acknowledged = new System.Collections.Concurrent.ConcurrentBag<string>();
        var refused = 0;

        await Task.WhenAll(Enumerable.Range(0, 16).Select(task => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                var entry = Samples.Entry((task * 200) + i);
                if (i == 50) file.FailAfter(task * 10, canTruncate: task % 2 == 0);
                if (i % 100 == 60) file.Heal();
                try
                {
                    await bench.Ledger.AppendAsync(entry);
                    acknowledged.Add(entry.RequestId);
                }
                catch (LedgerUnavailableException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        })));
        file.Heal();

        var stored = await bench.AllAsync();
        Assert.Equal(acknowledged.Order(StringComparer.Ordinal), stored.Select(entry => entry.RequestId).Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(n => (long)n), stored.Select(entry => entry.Sequence).Order());
    }

    [Fact]
    public async Task AppendAsync_BackgroundFlushFails_RefusesUntilFlushWorks()
    {
        var file = new FaultyFile();
        await using var bench = new LedgerBench();
        bench.Open(file.Open);
        await bench.AppendAsync(1);
        file.FailFlush = true;
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => bench.Ledger.FlushAsync());

        await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await bench.Ledger.AppendAsync(Samples.Entry(1)));
        file.FailFlush = false;

        Assert.Equal(2, await bench.Ledger.AppendAsync(Samples.Entry(1)));
    }

    [Fact]
    public async Task DisposeAsync_EntriesNotApplied_AppliesThem()
    {
        using var directory = new TempDirectory();
        await using (var ledger = await OpenAsync(directory))
            await ledger.AppendAsync(Samples.Entry(0));

        using var database = Gateway.State.Embedded.SqliteDatabase.Open(LedgerPaths.Database(directory.Path));

        Assert.Single(new LedgerStore(database).Query(new LedgerQuery()).Entries);
    }

    [Fact]
    public async Task AppendAsync_AfterDispose_Throws()
    {
        using var directory = new TempDirectory();
        var ledger = await OpenAsync(directory);
        await ledger.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await ledger.AppendAsync(Samples.Entry(0)));
    }

    [Fact]
    public async Task AppendAsync_NobodyElseWrites_AllocatesLittle()
    {
        await using var bench = new LedgerBench();
        bench.Open();
        var entry = Samples.Entry(0);
        for (var i = 0; i < 200; i++)
            await bench.Ledger.AppendAsync(entry);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            await bench.Ledger.AppendAsync(entry);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;

        Assert.InRange(each, 0, 100);
    }

    private static Task<Ledger> OpenAsync(TempDirectory directory) => Ledger.OpenAsync(
        new LedgerOptions { DataDirectory = directory.Path }, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
}
