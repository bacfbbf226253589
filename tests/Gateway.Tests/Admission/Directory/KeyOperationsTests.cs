using Gateway.Admission;
using Gateway.Admission.Directory;
using Gateway.State.Embedded;
using Gateway.Tests.Metering;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Admission.Directory;

public class KeyOperationsTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly KeyHasher _hasher = new([1]);
    private readonly MemoryStateStore _store = new();

    [Fact]
    public async Task CreateRotateDisableExpire_OneAfterTheOther_EachTakesEffect()
    {
        await using var replica = await Replica.StartAsync(_store, _time);
        var keys = new KeyOperations(replica.Service, _hasher, _time);
        var made = await keys.CreateAsync(new KeyEntity { Id = "ann", Models = ["*"] }, "admin");
        Assert.StartsWith("gw-", made.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(made.Value!, made.ToString(), StringComparison.Ordinal);
        Assert.Equal(DirectoryOutcome.VersionDiffers, (await keys.CreateAsync(new KeyEntity { Id = "ann", Models = ["*"] }, "admin")).Result.Outcome);

        var rotated = await keys.RotateAsync("ann", TimeSpan.FromDays(1), "admin");
        Assert.NotEqual(made.Value, rotated.Value);
        var ring = Ring(replica);
        Assert.NotNull(ring.Find(made.Value));
        Assert.NotNull(ring.Find(rotated.Value));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Null(Ring(replica).Find(made.Value));

        Assert.Equal(DirectoryOutcome.Changed, (await keys.SetDisabledAsync("ann", true, "admin")).Outcome);
        Assert.True(Ring(replica).Find(rotated.Value)!.Disabled);
        Assert.Equal(DirectoryOutcome.Unchanged, (await keys.SetDisabledAsync("ann", true, "admin")).Outcome);
        Assert.Equal(DirectoryOutcome.Changed, (await keys.ExpireAsync("ann", _time.GetUtcNow(), "admin")).Outcome);
        Assert.Equal(_time.GetUtcNow(), Ring(replica).Find(rotated.Value)!.Expires);
        Assert.Equal(DirectoryOutcome.VersionDiffers, (await keys.ExpireAsync("ann", null, "admin", ifVersion: 1)).Outcome);
    }

    [Fact]
    public async Task Rotate_TooLongUnknownOrDry_MakesNoValue()
    {
        await using var replica = await Replica.StartAsync(_store, _time);
        var keys = new KeyOperations(replica.Service, _hasher, _time);
        await keys.CreateAsync(new KeyEntity { Id = "ann", Models = ["*"] }, "admin");
        Assert.Equal("$.overlap", Assert.Single((await keys.RotateAsync("ann", TimeSpan.FromDays(31), "admin")).Result.Problems).Key);
        Assert.Equal(DirectoryOutcome.NotFound, (await keys.RotateAsync("bob", TimeSpan.Zero, "admin")).Result.Outcome);
        Assert.Null((await keys.RotateAsync("ann", TimeSpan.Zero, "admin", dryRun: true)).Value);
        replica.Service.Declare([new EntityRecord(EntityKind.Key, Replica.Key("filed", 9), 0)]);
        Assert.Equal(DirectoryOutcome.FileManaged, (await keys.RotateAsync("filed", TimeSpan.Zero, "admin")).Result.Outcome);
    }

    [Fact]
    public async Task Rotate_KeyMadeOnAnotherReplica_IsFound()
    {
        await using var one = await Replica.StartAsync(_store, _time);
        await using var two = await Replica.StartAsync(_store, _time);
        await new KeyOperations(one.Service, _hasher, _time).CreateAsync(new KeyEntity { Id = "ann", Models = ["*"] }, "admin");
        Assert.NotNull((await new KeyOperations(two.Service, _hasher, _time).RotateAsync("ann", TimeSpan.Zero, "admin")).Value);
    }

    [Fact]
    public async Task Journal_EveryChange_SaysWhoAndWhatBeforeAndNoValue()
    {
        await using var replica = await Replica.StartAsync(_store, _time);
        var made = await new KeyOperations(replica.Service, _hasher, _time).CreateAsync(new KeyEntity { Id = "ann", Models = ["*"] }, "oidc:ann");
        await replica.DeleteAsync(EntityKind.Key, "ann");
        var records = await new Gateway.State.Journal.StateJournal(_store, "audit", _time).ReadAsync(0, 10);
        var changes = records.Select(r => ChangeRecord.Read(r.Body.Span, new Gateway.Configuration.Entities.EntityFormat())).ToList();
        Assert.Equal([("oidc:ann", 0L, true), ("test", 1L, false)], changes.Select(c => (c.Actor, c.Before, c.Value is not null)));
        Assert.DoesNotContain(made.Value!, System.Text.Encoding.UTF8.GetString(records[0].Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migration_LegacyKeys_AreCarriedOverOnce()
    {
        using var directory = new TempDirectory();
        using var database = SqliteDatabase.Open(Path.Combine(directory.Path, "gateway.db"));
        LegacyKeys.Add(database, "old", 5, created: 1);
        await using var replica = await Replica.StartAsync(_store, _time);
        var migration = new KeyMigration(new KeyStore(database), replica.Service, NullLogger<KeyMigration>.Instance);
        await migration.RunAsync();
        var key = (KeyEntity)replica.Service.Current.Find(EntityKind.Key, "old")!.Value;
        Assert.Equal(("name of old", 5), (key.Name, key.Hashes[0].Hash[0]));
        await replica.DeleteAsync(EntityKind.Key, "old");
        await migration.RunAsync();
        Assert.Null(replica.Service.Current.Find(EntityKind.Key, "old"));
    }

    private KeyRing Ring(Replica replica) => new(_hasher, new VirtualKeyCompiler().Compile(replica.Service.Current), _time);
}
