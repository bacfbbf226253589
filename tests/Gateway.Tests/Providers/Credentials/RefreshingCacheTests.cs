using Gateway.Providers.Credentials;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Providers.Credentials;

public class RefreshingCacheTests
{
    private const string Canary = "canary-0123456789";

    private readonly FakeTimeProvider _time = new();
    private readonly LogCollector _log = new();
    private readonly FakeSource _source;
    private readonly RefreshingCache<string> _cache;

    public RefreshingCacheTests()
    {
        _source = new FakeSource(_time);
        _cache = new RefreshingCache<string>(new CredentialOrigin("bedrock", "the fake source"), _source.FetchAsync, new CredentialServices { Time = _time, Logger = _log });
    }

    [Fact]
    public async Task Get_ManyAtOnce_FetchOnce()
    {
        _source.Close();
        var callers = Enumerable.Range(0, 50).Select(_ => Get()).ToList();
        _source.Open();
        Assert.All(await Task.WhenAll(callers), value => Assert.Equal("value-1", value));
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task Get_StillValid_CompletesAtOnceWithoutFetching()
    {
        await Get();
        _time.Advance(TimeSpan.FromMinutes(53));
        var again = Get();
        Assert.True(again.IsCompletedSuccessfully);
        Assert.Equal(("value-1", 1), (await again, _source.Calls));
    }

    [Fact]
    public async Task Get_NearItsEnd_GoesOnWithTheOldWhileOneFetchRuns()
    {
        await Get();
        _source.Close();
        _time.Advance(TimeSpan.FromMinutes(55) + TimeSpan.FromSeconds(1));
        for (var i = 0; i < 10; i++) Assert.Equal("value-1", await Get());
        _source.Open();
        await _cache.Fetching!;
        Assert.Equal("value-2", await Get());
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task Get_RefreshFails_KeepsTheOldUntilItsEndAndAsksNowAndThen()
    {
        await Get();
        _source.Failure = new InvalidOperationException(Canary);
        _time.Advance(TimeSpan.FromMinutes(56));
        Assert.Equal("value-1", await Get());
        await (_cache.Fetching ?? Task.CompletedTask);
        for (var i = 0; i < 10; i++) Assert.Equal("value-1", await Get());
        Assert.Equal(2, _source.Calls);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("value-1", await Get());
        await (_cache.Fetching ?? Task.CompletedTask);
        Assert.Equal(3, _source.Calls);

        _time.Advance(TimeSpan.FromMinutes(5));
        var failure = await Assert.ThrowsAsync<CredentialException>(Get);
        Assert.Contains("'bedrock'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the fake source", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, failure.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(_log.Lines);
        Assert.DoesNotContain(Canary, string.Join('\n', _log.Lines), StringComparison.Ordinal);

        _source.Failure = null;
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.StartsWith("value-", await Get(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_NothingThereAndSourceFails_LeavesItAloneForAMoment()
    {
        _source.Failure = new InvalidOperationException();
        for (var i = 0; i < 5; i++) await Assert.ThrowsAsync<CredentialException>(Get);
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task Get_SourceIsSilent_FailsAfterTheLimit()
    {
        _source.Close();
        var get = Get();
        while (_source.Calls == 0) await Task.Yield();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains("within 10 s", (await Assert.ThrowsAsync<CredentialException>(() => get)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_AlreadyExpired_IsAnError()
    {
        _source.Life = TimeSpan.FromSeconds(-1);
        Assert.Contains("already expired", (await Assert.ThrowsAsync<CredentialException>(Get)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ImpatientCaller_LeavesTheFetchToTheOthers()
    {
        _source.Close();
        using var impatient = new CancellationTokenSource();
        var left = _cache.GetAsync(impatient.Token).AsTask();
        var stays = Get();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        _source.Open();
        Assert.Equal("value-1", await stays);
    }

    [Fact]
    public async Task Refused_OldEnough_NextCallerGetsANewOne()
    {
        await Get();
        _time.Advance(TimeSpan.FromMinutes(1));
        _cache.Refused();
        Assert.Equal("value-2", await Get());
        _cache.Refused(); // it is new: another would be no better
        Assert.Equal("value-2", await Get());
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task Refused_AndSourceFails_KeepsWhatIsStillValid()
    {
        await Get();
        _time.Advance(TimeSpan.FromMinutes(1));
        _source.Failure = new InvalidOperationException();
        _cache.Refused();
        Assert.Equal("value-1", await Get());
    }

    [Fact]
    public async Task Get_ShortLived_IsRefreshedAtHalfItsLifeAtTheEarliest()
    {
        _source.Life = TimeSpan.FromMinutes(2);
        await Get();
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(Get().IsCompletedSuccessfully);
        Assert.Null(_cache.Fetching);
    }

    private Task<string> Get() => _cache.GetAsync(CancellationToken.None).AsTask();
}
