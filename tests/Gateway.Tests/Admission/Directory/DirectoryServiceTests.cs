using System.Diagnostics;
using System.Text;
using Gateway.Admission.Directory;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;

namespace Gateway.Tests.Admission.Directory;

public class DirectoryServiceTests(ITestOutputHelper output)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryStateStore _store = new();

    [Fact]
    public async Task Change_PutTwiceAndDelete_VersionsRiseAndOutcomesTell()
    {
        await using var replica = await Replica.StartAsync(_store, _time);
        var made = await replica.PutAsync(new Team { Id = "search", Models = ["*"] });
        var same = await replica.PutAsync(new Team { Id = "search", Models = ["*"] });
        var changed = await replica.PutAsync(new Team { Id = "search", Models = ["*"], Name = "Search" }, ifVersion: made.Entity!.Version);
        var late = await replica.PutAsync(new Team { Id = "search", Disabled = true }, ifVersion: made.Entity.Version);
        var again = await replica.PutAsync(new Team { Id = "search" }, ifVersion: 0);

        Assert.Equal((DirectoryOutcome.Changed, 1L), (made.Outcome, made.Entity.Version));
        Assert.Equal((DirectoryOutcome.Unchanged, 1L), (same.Outcome, same.Entity!.Version));
        Assert.Equal((DirectoryOutcome.Changed, 2L), (changed.Outcome, changed.Entity!.Version));
        Assert.Equal((DirectoryOutcome.VersionDiffers, 2L), (late.Outcome, late.Entity!.Version));
        Assert.Equal(DirectoryOutcome.VersionDiffers, again.Outcome);
        Assert.Equal("Search", replica.Service.Current.Find(EntityKind.Team, "search")!.Value.Name);
        Assert.Equal(DirectoryOutcome.Changed, (await replica.DeleteAsync(EntityKind.Team, "search", 2)).Outcome);
        Assert.Equal(DirectoryOutcome.NotFound, (await replica.DeleteAsync(EntityKind.Team, "search")).Outcome);
        Assert.Empty(replica.Service.Current.Entities);
    }

    [Fact]
    public async Task Change_DryRun_SaysAndLeaves()
    {
        await using var replica = await Replica.StartAsync(_store, _time);
        var result = await replica.PutAsync(new Customer { Id = "acme" }, dryRun: true);
        Assert.Equal(DirectoryOutcome.Changed, result.Outcome);
        Assert.Equal("acme", result.Entity!.Value.Id);
        Assert.Empty(replica.Service.Current.Entities);
        Assert.Empty(_store.Keys);
    }

    [Fact]
    public async Task Change_Invalid_SaysWhyAndWho()
    {
        await using var replica = await Replica.StartAsync(_store, _time);
        var orphan = await replica.PutAsync(Replica.Key("k", team: "nowhere"));
        Assert.Equal(("$.team", DirectoryOutcome.Invalid), (Assert.Single(orphan.Problems).Key, orphan.Outcome));

        await replica.PutAsync(new Team { Id = "search" });
        await replica.PutAsync(Replica.Key("k", team: "search"));
        var used = await replica.DeleteAsync(EntityKind.Team, "search");
        Assert.Equal(DirectoryOutcome.Invalid, used.Outcome);
        Assert.Contains("key \"k\"", used.Problems[0].Value, StringComparison.Ordinal);

        var twin = await replica.PutAsync(Replica.Key("l"));
        Assert.Equal(("$.hashes", DirectoryOutcome.Invalid), (Assert.Single(twin.Problems).Key, twin.Outcome));
        var window = await replica.PutAsync(new Team { Id = "t", Budgets = [new BudgetEntry { Name = "b", Window = "2M" }] });
        Assert.Equal("$.budgets[0].window", Assert.Single(window.Problems).Key);
    }

    [Fact]
    public async Task Change_KeyWithoutHashes_KeepsItsValues()
    {
        await using var replica = await Replica.StartAsync(_store, _time);
        await replica.PutAsync(Replica.Key("k", 7));
        await replica.PutAsync(new KeyEntity { Id = "k", Models = ["a"] });
        var key = (KeyEntity)replica.Service.Current.Find(EntityKind.Key, "k")!.Value;
        Assert.Equal(["a"], key.Models);
        Assert.Equal(7, Assert.Single(key.Hashes).Hash[0]);
    }

    [Fact]
    public async Task Change_OtherReplica_IsSeenWithinASecond()
    {
        await using var one = await Replica.StartAsync(_store, _time);
        await using var two = await Replica.StartAsync(_store, _time);
        var seen = two.ChangedAsync();
        await one.PutAsync(new Team { Id = "search" });
        Assert.Empty(two.Service.Current.Entities);
        _time.Advance(TimeSpan.FromSeconds(1));
        await seen;
        Assert.NotNull(two.Service.Current.Find(EntityKind.Team, "search"));

        await one.PutAsync(new Team { Id = "ads" });
        await two.Service.NudgeAsync();
        Assert.NotNull(two.Service.Current.Find(EntityKind.Team, "ads"));
    }

    [Fact]
    public async Task Change_ManyReplicasAtOnce_NothingIsLostAndAllAgree()
    {
        const int Replicas = 4, Each = 25;
        var replicas = await Task.WhenAll(Enumerable.Range(0, Replicas).Select(_ => Replica.StartAsync(_store, _time)));
        await Task.WhenAll(replicas.Select(async (replica, r) =>
        {
            for (var i = 0; i < Each; i++)
            {
                await Task.Yield();
                while (true)
                {
                    try
                    {
                        Assert.Equal(DirectoryOutcome.Changed, (await replica.PutAsync(new Team { Id = $"t{r}-{i}" }, ifVersion: 0)).Outcome);
                        break;
                    }
                    catch (IOException)
                    {
                        // Outrun twenty times.
                    }
                }
            }
        }));
        foreach (var replica in replicas)
        {
            await replica.Service.NudgeAsync();
            Assert.Equal(Replicas * Each, replica.Service.Current.Entities.Count);
            Assert.Equal(Replicas * Each, replica.Service.Current.Version);
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task Declare_SameIdAsStored_FileCountsAndBothAreNamed()
    {
        await using var replica = await Replica.StartAsync(_store, _time);
        await replica.PutAsync(new Team { Id = "search", Name = "stored" });
        await replica.PutAsync(Replica.Key("k", team: "search"));
        EntityRecord[] declared = [new(EntityKind.Team, new Team { Id = "search", Name = "file" }, 0)];
        Assert.Contains("team \"search\"", Assert.Single(replica.Service.ProblemsWith(declared)), StringComparison.Ordinal);

        replica.Service.Declare(declared);
        Assert.Equal("file", replica.Service.Current.Find(EntityKind.Team, "search")!.Value.Name);
        Assert.Single(replica.Service.Problems);
        Assert.Equal(DirectoryOutcome.FileManaged, (await replica.PutAsync(new Team { Id = "search" })).Outcome);

        Assert.Equal(DirectoryOutcome.Changed, (await replica.DeleteAsync(EntityKind.Team, "search")).Outcome);
        Assert.Empty(replica.Service.Problems);
        Assert.Equal(DirectoryOutcome.FileManaged, (await replica.DeleteAsync(EntityKind.Team, "search")).Outcome);

        replica.Service.Declare([]);
        Assert.Contains("key \"k\"", Assert.Single(replica.Service.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_Away_LastKnownServesAndComesBack()
    {
        await using var replica = await Replica.StartAsync(_store, _time);
        await replica.PutAsync(new Team { Id = "search" });
        var read = replica.Service.Health.LastRead;
        _store.Unavailable = true;
        await Assert.ThrowsAnyAsync<IOException>(() => replica.PutAsync(new Team { Id = "ads" }));
        await replica.Service.NudgeAsync();
        Assert.NotNull(replica.Service.Current.Find(EntityKind.Team, "search"));
        Assert.NotNull(replica.Service.Health.Fault);
        Assert.Equal((read, false), (replica.Service.Health.LastRead, replica.Service.Health.IsBroken));

        await using var late = await Replica.StartAsync(_store, _time);
        Assert.Null(late.Service.Health.LastRead);
        _store.Unavailable = false;
        await late.Service.NudgeAsync();
        Assert.NotNull(late.Service.Current.Find(EntityKind.Team, "search"));
        Assert.Null(late.Service.Health.Fault);
    }

    [Fact]
    public async Task Journal_Edited_StaysOnTheLastGoodStateAndSaysSo()
    {
        await using var writer = await Replica.StartAsync(_store, _time);
        await using var reader = await Replica.StartAsync(_store, _time);
        await writer.PutAsync(new Team { Id = "good" });
        await reader.Service.NudgeAsync();
        await writer.PutAsync(new Team { Id = "later" });
        var slot = _store.Peek("audit:2")!.Value;
        _store.Poke("audit:2", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(slot.Span).Replace("later", "latex", StringComparison.Ordinal)));

        await reader.Service.NudgeAsync();
        Assert.True(reader.Service.Health.IsBroken);
        Assert.Equal("good", Assert.Single(reader.Service.Current.Entities).Value.Value.Id);
        await Assert.ThrowsAsync<IOException>(() => reader.PutAsync(new Team { Id = "more" }));

        _store.Poke("audit:2", slot.ToArray());
        await reader.Service.NudgeAsync();
        Assert.Equal((false, 2), (reader.Service.Health.IsBroken, reader.Service.Current.Entities.Count));
    }

    [Fact]
    public async Task Start_AfterManyChanges_ReadsASnapshotAndTheRest()
    {
        await using (var writer = await Replica.StartAsync(_store, _time))
        {
            for (var i = 0; i < 600; i++)
                await writer.PutAsync(new Team { Id = $"t{i % 300}", Name = $"name {i}", Metadata = new Dictionary<string, string> { ["filler"] = new('x', 200) } });
        }

        Assert.Single(_store.Keys, k => k == "directory:snapshot");
        var calls = _store.Calls;
        await using var reader = await Replica.StartAsync(_store, _time);
        var cost = _store.Calls - calls;
        Assert.Equal(300, reader.Service.Current.Entities.Count);
        Assert.Equal(("name 599", 600L), (reader.Service.Current.Find(EntityKind.Team, "t299")!.Value.Name, reader.Service.Current.Version));
        Assert.True(cost < 30, $"{cost} calls");
        Assert.All(_store.Keys.Where(k => k.StartsWith("directory:part", StringComparison.Ordinal)), k => Assert.True(_store.Peek(k)!.Value.Length <= 256 * 1024));

        // Parts that are gone cost time, not entities.
        foreach (var part in _store.Keys.Where(k => k.StartsWith("directory:part", StringComparison.Ordinal)).ToList())
            _store.Poke(part, null);
        await using var replayer = await Replica.StartAsync(_store, _time);
        Assert.Equal(300, replayer.Service.Current.Entities.Count);
    }

    [Fact]
    public void Compile_TenThousandKeys_TakesWellUnderASecondAndThenNextToNothing()
    {
        var entities = new List<EntityRecord> { new(EntityKind.Customer, new Customer { Id = "acme", Models = ["*"], Budgets = [new BudgetEntry { Name = "month", Amount = 1 }] }, 1) };
        for (var i = 0; i < 100; i++)
            entities.Add(new(EntityKind.Team, new Team { Id = $"t{i}", Customer = "acme", RateLimits = [new RateLimitEntry { Name = "rpm", Amount = 1 }] }, 1));
        for (var i = 0; i < 10_000; i++)
        {
            var hash = new byte[32];
            BitConverter.TryWriteBytes(hash, i);
            entities.Add(new(EntityKind.Key, new KeyEntity { Id = $"k{i}", Team = $"t{i % 100}", Hashes = [new KeyHash(hash)], MaxParallel = 3 }, 1));
        }

        var compiler = new VirtualKeyCompiler();
        var watch = Stopwatch.StartNew();
        var snapshot = DirectorySnapshot.Merge(1, entities, []);
        var keys = compiler.Compile(snapshot);
        var ring = new Gateway.Admission.KeyRing(new Gateway.Admission.KeyHasher([1]), keys);
        var first = watch.Elapsed;
        watch.Restart();
        var again = compiler.Compile(snapshot);
        var second = watch.Elapsed;
        output.WriteLine($"10,000 keys: merge, compile and ring {first.TotalMilliseconds:0} ms; compile again {second.TotalMilliseconds:0} ms");
        Assert.NotNull(ring);
        Assert.Equal(10_000, keys.Count);
        Assert.All(keys.Zip(again), pair => Assert.Same(pair.First, pair.Second));
        Assert.Equal(["key:k5:maxParallel", "team:t5:rpm", "customer:acme:month"], keys.Single(k => k.Id == "k5").Limits.Select(l => l.Id));
        Assert.True(first < TimeSpan.FromSeconds(5), $"{first}");
    }
}
