using Gateway.Caching.Semantic;
using Gateway.Jobs;
using Gateway.Jobs.Caching;

namespace Gateway.Tests.Caching.Semantic;

public class MemorySemanticIndexTests : SemanticIndexContract
{
    private protected override ISemanticIndex Create() => new MemorySemanticIndex(new MemoryIndexOptions { Dimensions = Dimensions });

    [Fact]
    public async Task Upsert_MoreThanFits_TheOldestGoes()
    {
        await using var index = new MemorySemanticIndex(new MemoryIndexOptions { Dimensions = Dimensions, MaxEntries = 3 });
        var scope = Scope();
        foreach (var id in new[] { 1, 2, 3, 1, 4 }) // 1 is stored again and so is younger than 2
            await index.UpsertAsync(scope, new IndexEntry((UInt128)id, Vector(1), default, Now.AddHours(1)), default);
        var found = await index.SearchAsync(scope, new IndexQuery(Vector(1), 10, 0.5f, Now), default);
        Assert.Equal([1, 3, 4], found.Select(match => (int)match.Id).Order());
        Assert.Equal(3, index.Count);
    }

    [Fact]
    public async Task Upsert_MoreBytesThanAllowed_StaysWithinThem()
    {
        const long limit = 1L << 20;
        await using var index = new MemorySemanticIndex(new MemoryIndexOptions { Dimensions = Dimensions, MaxBytes = limit });
        for (var i = 0; i < 100; i++)
        {
            await index.UpsertAsync(Scope(), new IndexEntry(1, Vector(1), new byte[IndexBounds.MaxPayloadBytes], Now.AddHours(1)), default);
            Assert.True(index.Bytes <= limit);
        }

        Assert.InRange(index.Count, 10, 16);
    }

    [Fact]
    public async Task Sweep_Everything_LeavesNoBytes()
    {
        await using var index = new MemorySemanticIndex(new MemoryIndexOptions { Dimensions = Dimensions });
        for (var i = 0; i < 50; i++)
            await index.UpsertAsync(Scope(), new IndexEntry((UInt128)i, Vector(1), new byte[10], Now.AddSeconds(i)), default);
        var job = new SweepSemanticIndex(index);
        var report = await job.RunAsync(new JobContext(Now.AddSeconds(19), 1, null), default);
        Assert.Equal((20, 30), (report.Counts["deleted"], index.Count));
        await index.SweepAsync(Now.AddHours(1), default);
        Assert.Equal((0, 0L), (index.Count, index.Bytes));
    }

    [Fact]
    public async Task Calls_FromManyThreads_AgreeInTheEnd()
    {
        await using var index = new MemorySemanticIndex(new MemoryIndexOptions { Dimensions = Dimensions, MaxEntries = 64 });
        IndexScope[] scopes = [Scope(), Scope(), Scope()];
        await Parallel.ForAsync(0, 4_000, async (i, cancellation) =>
        {
            var scope = scopes[i % scopes.Length];
            if (i % 4 == 0)
                await index.UpsertAsync(scope, new IndexEntry((UInt128)(i % 100), Vector(1, i % 7), BitConverter.GetBytes(i % scopes.Length), Now.AddSeconds(i % 50)), cancellation);
            else if (i % 400 == 1)
                await index.SweepAsync(Now.AddSeconds(i % 20), cancellation);
            else
                Assert.All(await index.SearchAsync(scope, new IndexQuery(Vector(1), 5, -1, Now), cancellation), match => Assert.Equal(i % scopes.Length, BitConverter.ToInt32(match.Payload.Span)));
        });
        Assert.InRange(index.Count, 0, 64);
        Assert.Equal(index.Count, (await Task.WhenAll(scopes.Select(async scope => await index.RemoveAsync(scope.Tenant, default)))).Sum());
        Assert.Equal((0, 0L), (index.Count, index.Bytes));
    }

    [Fact]
    public async Task Search_NothingFound_AllocatesNothing()
    {
        var scope = Scope();
        await Put(scope, 1, Vector(1));
        var query = new IndexQuery(Vector(0, 1), 10, 0.5f, Now);
        for (var i = 0; i < 100; i++)
            await Index.SearchAsync(scope, query, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            await Index.SearchAsync(scope, query, default); // it is done when it returns, so the thread stays the same
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }
}
