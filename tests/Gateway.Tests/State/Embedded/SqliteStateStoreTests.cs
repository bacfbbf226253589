using Gateway.State;
using Gateway.State.Embedded;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.State.Embedded;

public sealed class SqliteStateStoreTests : StateStoreContract, IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TempDirectory _directory = new();
    private SqliteDatabase _database = null!;
    private SqliteStateStore _store = null!;

    private protected override Task<IStateStore> OpenAsync()
    {
        _database = SqliteDatabase.Open(Path.Combine(_directory.Path, "gateway.db"));
        _store = new SqliteStateStore(_database, _time);
        return Task.FromResult<IStateStore>(_store);
    }

    protected override Task CloseAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _store.Dispose();
        _database.Dispose();
        _directory.Dispose();
    }

    protected override Task ElapseAsync(TimeSpan span)
    {
        _time.Advance(span);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Open_Again_KeepsValuesAndNeverRepeatsAnETag()
    {
        await Store.SetAsync(Key("a"), Json("one"));
        var before = await Store.GetAsync(Key("a"));
        await Store.TryDeleteAsync(Key("a"), null);
        await Store.SetAsync(Key("b"), Json("stays"));
        await Store.TryDeleteAsync(Key("b"), null);
        _store.Dispose();
        _database.Dispose();
        await InitializeAsync();
        await Store.SetAsync(Key("a"), Json("one"));
        var after = await Store.GetAsync(Key("a"));
        Assert.True(long.Parse(after!.ETag, null) > long.Parse(before!.ETag, null) + 1);
    }

    [Fact]
    public async Task TwoStores_OnOneFile_RaceForAKeyAsReplicasDo()
    {
        using var database = SqliteDatabase.Open(_database.Path);
        using var other = new SqliteStateStore(database, _time);
        for (var round = 0; round < 20; round++)
        {
            var key = Key($"race-{round}");
            var results = await Task.WhenAll(
                Task.Run(async () => await Store.TrySetAsync(key, Json("mine"), null)), Task.Run(async () => await other.TrySetAsync(key, Json("theirs"), null)));
            Assert.Single(results, won => won);
        }
    }

    [Fact]
    public async Task Expired_AfterAMinute_LeavesTheFile()
    {
        await Store.SetAsync(Key("a"), Json("one"), TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromMinutes(2));
        await Store.SetAsync(Key("b"), Json("one"));
        using var connection = _database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM state";
        Assert.Equal(1L, command.ExecuteScalar());
    }

    [Fact]
    public async Task Set_WhileAnotherWriterHoldsTheFileForTooLong_IsUnavailableAndWorksAgainAfterwards()
    {
        using (var connection = _database.Connect())
        using (var transaction = connection.BeginTransaction(deferred: false))
        {
            await Assert.ThrowsAsync<StateUnavailableException>(async () => await Store.SetAsync(Key("a"), Json("one")));
            Assert.Null(await Store.GetAsync(Key("a")));
        }

        await Store.SetAsync(Key("a"), Json("one"));
        Assert.NotNull(await Store.GetAsync(Key("a")));
    }
}
