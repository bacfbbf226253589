using CsCheck;
using Gateway.Caching.Semantic;

namespace Gateway.Tests.Caching.Semantic;

/// <summary>What every semantic index keeps to. Each test has tenants of its own, so that an index may be shared and need not be empty.</summary>
public abstract class SemanticIndexContract : IAsyncLifetime
{
    private protected const int Dimensions = 8;

    private protected static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private ISemanticIndex? _index;

    private protected ISemanticIndex Index => _index!;

    /// <summary>An index of <see cref="Dimensions"/>.</summary>
    private protected abstract ISemanticIndex Create();

    public Task InitializeAsync()
    {
        _index = Create();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await Index.DisposeAsync();

    [Fact]
    public async Task Search_NearlyTheSameDirection_IsFoundWithWhatWasStored()
    {
        var scope = Scope();
        await Index.UpsertAsync(scope, new IndexEntry(7, Vector(2, 0.1f), "answer"u8.ToArray(), Now.AddHours(1)), default);
        var match = Assert.Single(await Find(scope, Vector(1), least: 0.9f));
        Assert.Equal((UInt128)7, match.Id);
        Assert.Equal("answer"u8, match.Payload.Span);
        Assert.Equal(Now.AddHours(1), match.Expires);
        Assert.Equal(2 / Math.Sqrt(4.01), match.Similarity, 0.001);
    }

    [Fact]
    public async Task Search_LessSimilarThanAsked_IsNotFound()
    {
        var scope = Scope();
        await Put(scope, 1, Vector(1, 1));
        Assert.Empty(await Find(scope, Vector(1), least: 0.8f));
        Assert.Single(await Find(scope, Vector(1), least: 0.7f));
    }

    [Fact]
    public async Task Search_Several_AreTheMostSimilarInOrder()
    {
        var scope = Scope();
        for (var i = 0; i < 10; i++)
            await Put(scope, (UInt128)i, Vector(1, i / 10f));
        var found = await Find(scope, Vector(1), least: 0, top: 3);
        Assert.Equal([0, 1, 2], found.Select(match => (int)match.Id));
    }

    [Fact]
    public async Task Upsert_SameId_Replaces()
    {
        var scope = Scope();
        await Put(scope, 1, Vector(1), "first");
        await Put(scope, 1, Vector(0, 1), "second");
        Assert.Empty(await Find(scope, Vector(1), least: 0.5f));
        var match = Assert.Single(await Find(scope, Vector(0, 1), least: 0.5f));
        Assert.Equal("second"u8, match.Payload.Span);
    }

    [Fact]
    public async Task Search_OtherTenantOrPartition_FindsNothing()
    {
        var scope = Scope();
        await Put(scope, 1, Vector(1));
        Assert.Empty(await Find(new IndexScope(new Tenant(scope.Tenant.Id + "x"), scope.Partition), Vector(1), least: -1));
        Assert.Empty(await Find(new IndexScope(new Tenant(scope.Tenant.Id.ToUpperInvariant() + "É"), scope.Partition), Vector(1), least: -1));
        Assert.Empty(await Find(new IndexScope(scope.Tenant, scope.Partition + 1), Vector(1), least: -1));
    }

    [Fact]
    public async Task Search_Expired_FindsNothing()
    {
        var scope = Scope();
        await Index.UpsertAsync(scope, new IndexEntry(1, Vector(1), default, Now.AddSeconds(5.5)), default);
        Assert.Single(await Find(scope, Vector(1), least: 0.5f, now: Now.AddSeconds(4.9)));
        Assert.Empty(await Find(scope, Vector(1), least: 0.5f, now: Now.AddSeconds(5.5)));
    }

    [Fact]
    public async Task Sweep_Expired_AreDeletedAndOthersStay()
    {
        var scope = Scope();
        await Index.UpsertAsync(scope, new IndexEntry(1, Vector(1), default, Now), default);
        await Index.UpsertAsync(scope, new IndexEntry(2, Vector(1), default, Now.AddSeconds(1)), default);
        Assert.True(await Index.SweepAsync(Now, default) >= 1);
        Assert.Equal((UInt128)2, Assert.Single(await Find(scope, Vector(1), least: 0.5f, now: Now.AddDays(-1))).Id);
    }

    [Fact]
    public async Task Remove_Tenant_TakesAllOfItAndOfNobodyElse()
    {
        var (scope, other) = (Scope(), Scope());
        var second = new IndexScope(scope.Tenant, scope.Partition + 1);
        foreach (var one in new[] { scope, second, other })
            await Put(one, 1, Vector(1));
        Assert.Equal(2, await Index.RemoveAsync(scope.Tenant, default));
        Assert.Equal(0, await Index.RemoveAsync(scope.Tenant, default));
        Assert.Empty(await Find(scope, Vector(1), least: -1));
        Assert.Empty(await Find(second, Vector(1), least: -1));
        Assert.Single(await Find(other, Vector(1), least: 0.5f));
    }

    [Fact]
    public async Task Calls_OutOfBounds_AreRefused()
    {
        var scope = Scope();
        foreach (var vector in new[] { new float[Dimensions], new float[Dimensions - 1], Vector(float.NaN).ToArray(), Vector(float.PositiveInfinity).ToArray() })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Put(scope, 1, vector));
            await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Find(scope, vector, least: 0));
        }

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Find(scope, Vector(1), least: 0, top: 0));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Find(scope, Vector(1), least: 0, top: IndexBounds.MaxTop + 1));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Find(scope, Vector(1), least: 1.1f));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Put(scope, 1, Vector(1), new string('x', IndexBounds.MaxPayloadBytes + 1)));
        await Put(scope, 1, Vector(1), new string('x', IndexBounds.MaxPayloadBytes));
        Assert.Single(await Find(scope, Vector(1), least: 0.5f));
    }

    [Fact]
    public async Task Probe_IndexThatAnswers_Returns() => await Index.ProbeAsync(default);

    /// <summary>Whatever is done in whatever order: a match is of the tenant and the partition that was searched, is as it was stored last, and has not expired.</summary>
    [Fact]
    public async Task Matches_NeverCrossTenantsOrPartitionsNorOutliveTheirTime()
    {
        var steps = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Float[-1, 1].Array[Dimensions], Gen.Int[0, 20]).Array[1, Steps];
        await steps.SampleAsync(ActAsync, iter: Runs, threads: 1);
    }

    /// <summary>How often the property is tried.</summary>
    private protected virtual int Runs => 200;

    /// <summary>Most steps of a try.</summary>
    private protected virtual int Steps => 60;

    private async Task ActAsync((int Kind, int Tenant, int Partition, int Id, float[] Vector, int Second)[] steps)
    {
        var run = Guid.NewGuid().ToString("N");
        Dictionary<(int Tenant, int Partition, UInt128 Id), (string Payload, DateTimeOffset Expires)> stored = [];
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            step.Vector[0] += 2; // never all zero
            var scope = new IndexScope(new Tenant($"{run}-{step.Tenant}"), (UInt128)step.Partition);
            if (step.Kind <= 1)
            {
                var payload = $"{step.Tenant}/{step.Partition}/{i}";
                await Put(scope, (UInt128)step.Id, step.Vector, payload, Now.AddSeconds(step.Second));
                stored[(step.Tenant, step.Partition, (UInt128)step.Id)] = (payload, Now.AddSeconds(step.Second));
            }
            else if (step is { Kind: 2, Second: < 3 })
            {
                await Index.RemoveAsync(scope.Tenant, default);
                foreach (var key in stored.Keys.Where(key => key.Tenant == step.Tenant).ToList())
                    stored.Remove(key);
            }
            else
            {
                var now = Now.AddSeconds(step.Second);
                var found = await Find(scope, step.Vector, least: -1, top: IndexBounds.MaxTop, now: now);
                var expected = stored.Where(entry => entry.Key.Tenant == step.Tenant && entry.Key.Partition == step.Partition && entry.Value.Expires > now)
                    .Select(entry => (entry.Key.Id, entry.Value.Payload, entry.Value.Expires));
                Assert.Equal(expected.Order(), found.Select(match => (match.Id, System.Text.Encoding.UTF8.GetString(match.Payload.Span), match.Expires)).Order());
            }
        }
    }

    private protected static IndexScope Scope() => new(new Tenant("t-" + Guid.NewGuid().ToString("N")), (UInt128)Random.Shared.NextInt64());

    private protected static ReadOnlyMemory<float> Vector(float first, float second = 0)
    {
        var vector = new float[Dimensions];
        (vector[0], vector[1]) = (first, second);
        return vector;
    }

    private protected async Task Put(IndexScope scope, UInt128 id, ReadOnlyMemory<float> vector, string payload = "", DateTimeOffset? expires = null) =>
        await Index.UpsertAsync(scope, new IndexEntry(id, vector, System.Text.Encoding.UTF8.GetBytes(payload), expires ?? Now.AddHours(1)), default);

    private protected async Task<IReadOnlyList<IndexMatch>> Find(IndexScope scope, ReadOnlyMemory<float> vector, float least, int top = 10, DateTimeOffset? now = null) =>
        await Index.SearchAsync(scope, new IndexQuery(vector, top, least, now ?? Now), default);
}
