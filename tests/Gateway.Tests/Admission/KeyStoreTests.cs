using Gateway.Admission;
using Gateway.State.Embedded;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Admission;

public sealed class KeyStoreTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly SqliteDatabase _database;
    private readonly KeyStore _store;

    public KeyStoreTests()
    {
        _database = SqliteDatabase.Open(Path.Combine(_directory.Path, "gateway.db"));
        _store = new KeyStore(_database);
    }

    [Fact]
    public void LoadAll_TwoKeys_GivesThemOldestFirst()
    {
        LegacyKeys.Add(_database, "b", 1, created: 1);
        LegacyKeys.Add(_database, "a", 2, created: 2);

        var keys = _store.LoadAll();

        Assert.Equal(["b", "a"], keys.Select(key => key.Id));
        Assert.Equal(Enumerable.Repeat((byte)1, 32), keys[0].Hash);
        Assert.Equal(["openai/*", "my-model"], keys[0].Models);
        Assert.Equal("name of b", keys[0].Name);
        Assert.False(keys[0].Disabled);
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
}
