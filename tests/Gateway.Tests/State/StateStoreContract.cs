using System.Text;
using Gateway.State;
using Gateway.Tests.Testing;

namespace Gateway.Tests.State;

/// <summary>What every state store does. Each test uses keys of its own, so that a store may be shared.</summary>
public abstract class StateStoreContract : IAsyncLifetime
{
    private readonly string _prefix = "contract:" + Guid.NewGuid().ToString("N");

    private protected IStateStore Store { get; private set; } = null!;

    /// <summary>Whether a transaction that meets a conflict leaves nothing behind.</summary>
    protected virtual bool RollsBack => true;

    /// <summary>The largest value that is tried, in bytes.</summary>
    protected virtual int BigValue => 3 << 20;

    private protected abstract Task<IStateStore> OpenAsync();

    /// <summary>Closes what <see cref="OpenAsync"/> opened.</summary>
    protected abstract Task CloseAsync();

    /// <summary>Lets time pass for times to live.</summary>
    protected abstract Task ElapseAsync(TimeSpan span);

    public async Task InitializeAsync() => Store = await OpenAsync();

    public Task DisposeAsync() => CloseAsync();

    [Fact]
    public async Task Get_Absent_IsNull()
    {
        Assert.Null(await Store.GetAsync(Key("absent")));
        Assert.Equal([null, null], await Store.GetManyAsync([Key("absent"), Key("gone")]));
    }

    [Fact]
    public async Task Set_ThenGet_GivesTheValueAndAnETagThatChangesWithEveryWrite()
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            await Store.SetAsync(Key("a"), Json("same"));
            var item = await Store.GetAsync(Key("a"));
            Assert.Equal(Key("a"), item!.Key);
            AssertValue("same", item);
            Assert.True(seen.Add(item.ETag));
            Assert.Equal(item.ETag, (await Store.GetAsync(Key("a")))!.ETag);
        }
    }

    [Fact]
    public async Task TrySet_WithETag_WritesOnlyWhatNobodyElseHasWritten()
    {
        await Store.SetAsync(Key("a"), Json("one"));
        var read = await Store.GetAsync(Key("a"));
        Assert.True(await Store.TrySetAsync(Key("a"), Json("two"), read!.ETag));
        Assert.False(await Store.TrySetAsync(Key("a"), Json("three"), read.ETag));
        AssertValue("two", await Store.GetAsync(Key("a")));
    }

    [Fact]
    public async Task TrySet_ETagOfADeletedValue_IsAConflictEvenAfterItWasCreatedAgain()
    {
        await Store.SetAsync(Key("a"), Json("one"));
        var read = await Store.GetAsync(Key("a"));
        Assert.True(await Store.TryDeleteAsync(Key("a"), read!.ETag));
        Assert.False(await Store.TrySetAsync(Key("a"), Json("two"), read.ETag));
        Assert.Null(await Store.GetAsync(Key("a")));
        Assert.True(await Store.TrySetAsync(Key("a"), Json("again"), null));
        Assert.NotEqual(read.ETag, (await Store.GetAsync(Key("a")))!.ETag);
    }

    [Fact]
    public async Task TrySet_WithoutETag_CreatesOnly()
    {
        Assert.True(await Store.TrySetAsync(Key("a"), Json("one"), null));
        Assert.False(await Store.TrySetAsync(Key("a"), Json("two"), null));
        AssertValue("one", await Store.GetAsync(Key("a")));
    }

    [Fact]
    public async Task TrySet_ParallelCreators_ExactlyOneWins()
    {
        for (var round = 0; round < 10; round++)
        {
            var key = Key($"race-{round}");
            var won = await RaceAsync(8, writer => Store.TrySetAsync(key, Json($"writer {writer}"), null));
            AssertValue($"writer {Assert.Single(won)}", await Store.GetAsync(key));
        }
    }

    [Fact]
    public async Task TrySet_ParallelWritersOfOneETag_ExactlyOneWins()
    {
        var key = Key("race");
        await Store.SetAsync(key, Json("first"));
        for (var round = 0; round < 10; round++)
        {
            var etag = (await Store.GetAsync(key))!.ETag;
            var won = await RaceAsync(8, writer => Store.TrySetAsync(key, Json($"writer {writer}"), etag));
            AssertValue($"writer {Assert.Single(won)}", await Store.GetAsync(key));
        }
    }

    [Fact]
    public async Task TrySet_CounterByCompareAndSwap_LosesNothing()
    {
        var key = Key("counter");
        await Store.SetAsync(key, "0"u8.ToArray());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < 10;)
            {
                var item = await Store.GetAsync(key);
                var next = int.Parse(Encoding.UTF8.GetString(item!.Value.Span), System.Globalization.CultureInfo.InvariantCulture) + 1;
                if (await Store.TrySetAsync(key, Encoding.UTF8.GetBytes($"{next}"), item.ETag))
                    done++;
            }
        })));
        Assert.Equal("40", Encoding.UTF8.GetString((await Store.GetAsync(key))!.Value.Span));
    }

    [Fact]
    public async Task TryDelete_ByETag_DeletesOnlyWhatWasRead()
    {
        await Store.SetAsync(Key("a"), Json("one"));
        var read = await Store.GetAsync(Key("a"));
        await Store.SetAsync(Key("a"), Json("two"));
        Assert.False(await Store.TryDeleteAsync(Key("a"), read!.ETag));
        AssertValue("two", await Store.GetAsync(Key("a")));
        Assert.True(await Store.TryDeleteAsync(Key("a"), (await Store.GetAsync(Key("a")))!.ETag));
        Assert.Null(await Store.GetAsync(Key("a")));
    }

    [Fact]
    public async Task TryDelete_WithoutETag_DeletesWhateverIsThereAlsoNothing()
    {
        await Store.SetAsync(Key("a"), Json("one"));
        Assert.True(await Store.TryDeleteAsync(Key("a"), null));
        Assert.Null(await Store.GetAsync(Key("a")));
        Assert.True(await Store.TryDeleteAsync(Key("a"), null));
    }

    [Fact]
    public async Task GetMany_Several_KeepsTheOrder()
    {
        string[] keys = [.. Enumerable.Range(0, 30).Select(i => Key($"many-{i}"))];
        for (var i = 0; i < keys.Length; i += 2)
            await Store.SetAsync(keys[i], Json($"value {i}"));
        var items = await Store.GetManyAsync(keys);
        Assert.Equal(keys.Length, items.Count);
        for (var i = 0; i < keys.Length; i++)
        {
            if (i % 2 == 0)
                AssertValue($"value {i}", items[i]);
            else
                Assert.Null(items[i]);
        }

        Assert.Empty(await Store.GetManyAsync([]));
    }

    [Fact]
    public async Task TryTransact_WithoutConflict_MakesEveryChange()
    {
        await Store.SetAsync(Key("a"), Json("one"));
        await Store.SetAsync(Key("b"), Json("one"));
        var read = await Store.GetAsync(Key("a"));
        Assert.True(await Store.TryTransactAsync([
            new StateChange(Key("a"), Json("two"), read!.ETag), new StateChange(Key("b"), null), new StateChange(Key("c"), Json("new"))]));
        AssertValue("two", await Store.GetAsync(Key("a")));
        Assert.Null(await Store.GetAsync(Key("b")));
        AssertValue("new", await Store.GetAsync(Key("c")));
    }

    [Fact]
    public async Task TryTransact_WithAConflict_SaysSoAndLeavesNothingWhereTheStoreRollsBack()
    {
        await Store.SetAsync(Key("a"), Json("one"));
        var stale = await Store.GetAsync(Key("a"));
        await Store.SetAsync(Key("a"), Json("two"));
        Assert.False(await Store.TryTransactAsync([new StateChange(Key("b"), Json("before")), new StateChange(Key("a"), Json("three"), stale!.ETag)]));
        AssertValue("two", await Store.GetAsync(Key("a")));
        if (RollsBack)
            Assert.Null(await Store.GetAsync(Key("b")));
        Assert.True(await Store.TryTransactAsync([new StateChange(Key("b"), Json("after"))]));
        AssertValue("after", await Store.GetAsync(Key("b")));
    }

    [Fact]
    public Task TimeToLive_Passed_TheValueIsGoneAndItsKeyIsFree() => Stalls.TryAgainAsync(async () =>
    {
        await Store.SetAsync(Key("short"), Json("one"), TimeSpan.FromSeconds(1));
        await Store.SetAsync(Key("long"), Json("one"));
        var read = await Store.GetAsync(Key("short"));
        Assert.NotNull(read);
        Assert.False(await Store.TrySetAsync(Key("short"), Json("two"), null));
        await ElapseAsync(TimeSpan.FromSeconds(2));
        Assert.Null(await Store.GetAsync(Key("short")));
        Assert.NotNull(await Store.GetAsync(Key("long")));
        Assert.False(await Store.TrySetAsync(Key("short"), Json("two"), read.ETag));
        Assert.True(await Store.TrySetAsync(Key("short"), Json("two"), null, TimeSpan.FromSeconds(1)));
        await ElapseAsync(TimeSpan.FromSeconds(2));
        Assert.Null(await Store.GetAsync(Key("short")));
    });

    [Fact]
    public Task TimeToLive_Renewed_TheValueStays() => Stalls.TryAgainAsync(async () =>
    {
        await Store.SetAsync(Key("a"), Json("one"), TimeSpan.FromSeconds(3));
        await Store.SetAsync(Key("b"), Json("one"), TimeSpan.FromSeconds(3));
        await ElapseAsync(TimeSpan.FromSeconds(2));
        Assert.True(await Store.TrySetAsync(Key("a"), Json("two"), (await Store.GetAsync(Key("a")))!.ETag, TimeSpan.FromSeconds(3)));
        Assert.True(await Store.TryTransactAsync([new StateChange(Key("b"), Json("two")) { TimeToLive = TimeSpan.FromSeconds(3) }]));
        await ElapseAsync(TimeSpan.FromSeconds(2));
        AssertValue("two", await Store.GetAsync(Key("a")));
        AssertValue("two", await Store.GetAsync(Key("b")));
        await ElapseAsync(TimeSpan.FromSeconds(2));
        Assert.Equal([null, null], await Store.GetManyAsync([Key("a"), Key("b")]));
    });

    [Theory]
    [InlineData("plain-and_simple.1")]
    [InlineData("a||b")]
    [InlineData("a:b@c")]
    [InlineData("/ \\ ? # % ' \" * ü 漢 \0\n")]
    public async Task Key_AnyPartEscaped_IsAKeyOfItsOwn(string part)
    {
        var key = Key("parts") + ":" + StateKeys.Join(part, "x");
        var other = Key("parts") + ":" + StateKeys.Join(part + "x", "");
        await Store.SetAsync(key, Json(part));
        Assert.Null(await Store.GetAsync(other));
        AssertValue(part, await Store.GetAsync(key));
        Assert.True(await Store.TryDeleteAsync(key, (await Store.GetAsync(key))!.ETag));
    }

    [Fact]
    public async Task Key_OfTheGreatestLength_Works()
    {
        var key = Key("long:").PadRight(StateKeys.LongestKey, 'k');
        await Store.SetAsync(key, Json("one"));
        AssertValue("one", await Store.GetAsync(key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a||b")]
    [InlineData("a/b")]
    public async Task Set_NoKey_IsRefused(string key)
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.SetAsync(key, Json("one")));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.TrySetAsync(key, Json("one"), null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1000)]
    [InlineData(1500)]
    public async Task Set_TimeToLiveNotInWholeSeconds_IsRefused(int milliseconds) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await Store.SetAsync(Key("a"), Json("one"), TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public async Task Value_Big_ComesBackWhole()
    {
        var text = string.Concat(Enumerable.Range(0, BigValue / 8).Select(i => i.ToString("D8", System.Globalization.CultureInfo.InvariantCulture)));
        await Store.SetAsync(Key("big"), Json(text));
        AssertValue(text, await Store.GetAsync(Key("big")));
    }

    [Fact]
    public async Task Calls_Cancelled_DoNothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.GetAsync(Key("a"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.GetManyAsync([Key("a")], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.SetAsync(Key("a"), Json("one"), null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.TrySetAsync(Key("a"), Json("one"), null, null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.TryDeleteAsync(Key("a"), null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.TryTransactAsync([new StateChange(Key("a"), Json("one"))], cancelled));
        Assert.Null(await Store.GetAsync(Key("a")));
    }

    /// <summary>A key of this test.</summary>
    protected string Key(string name) => $"{_prefix}:{name}";

    /// <summary>A value.</summary>
    protected static byte[] Json(string text) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { text });

    private static void AssertValue(string text, StateItem? item)
    {
        Assert.NotNull(item);
        // A store may write JSON in its own way, but what it says must be the same.
        using var json = System.Text.Json.JsonDocument.Parse(item.Value);
        Assert.Equal(text, json.RootElement.GetProperty("text").GetString());
    }

    private static async Task<List<int>> RaceAsync(int writers, Func<int, ValueTask<bool>> write)
    {
        using var start = new SemaphoreSlim(0);
        var tasks = Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            await start.WaitAsync();
            return (writer, won: await write(writer));
        })).ToList();
        start.Release(writers);
        return [.. (await Task.WhenAll(tasks)).Where(result => result.won).Select(result => result.writer)];
    }
}
