using Gateway.Admission;
using Gateway.State.Embedded;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Admission;

public sealed class KeyStoreTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly SqliteDatabase _database;
    private readonly FakeTimeProvider _time = new();
    private readonly KeyStore _store;

    public KeyStoreTests()
    {
        _database = SqliteDatabase.Open(Path.Combine(_directory.Path, "gateway.db"));
        _store = new KeyStore(_database, _time);
    }

    [Fact]
    public void Add_TwoKeys_LoadAllGivesThemBackOldestFirst()
    {
        _store.Add(Key("b", 1));
        _time.Advance(TimeSpan.FromSeconds(1));
        _store.Add(Key("a", 2));

        var keys = _store.LoadAll();

        Assert.Equal(["b", "a"], keys.Select(key => key.Id));
        Assert.Equal(Key("b", 1).Hash, keys[0].Hash);
        Assert.Equal(["openai/*", "my \"model\""], keys[0].Models);
        Assert.Equal("name of b", keys[0].Name);
        Assert.False(keys[0].Disabled);
    }

    [Fact]
    public void Add_SameIdOrHash_Throws()
    {
        _store.Add(Key("a", 1));

        Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(() => _store.Add(Key("a", 2)));
        Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(() => _store.Add(Key("b", 1)));
    }

    [Fact]
    public void SetDisabled_KnownAndUnknown_TellsWhichItWas()
    {
        _store.Add(Key("a", 1));

        Assert.True(_store.SetDisabled("a", true));
        Assert.False(_store.SetDisabled("z", true));
        Assert.True(Assert.Single(_store.LoadAll()).Disabled);
        Assert.True(_store.SetDisabled("a", false));
        Assert.False(Assert.Single(_store.LoadAll()).Disabled);
    }

    [Fact]
    public void SetSetting_Twice_KeepsTheLast()
    {
        Assert.Null(_store.GetSetting("admin"));
        _store.SetSetting("admin", [1, 2]);
        _store.SetSetting("admin", [3]);

        Assert.Equal([3], _store.GetSetting("admin"));
    }

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    private static VirtualKey Key(string id, byte fill) => new()
    {
        Id = id,
        Name = $"name of {id}",
        Hash = Enumerable.Repeat(fill, 32).ToArray(),
        Models = ["openai/*", "my \"model\""],
    };
}
