using System.Collections.Concurrent;
using Gateway.Secrets;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Secrets;

public sealed class VaultCacheTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedVault _vault = new();
    private readonly LogCollector _log = new();
    private VaultCache _cache = null!;

    public Task InitializeAsync()
    {
        _cache = Open();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _cache.DisposeAsync().AsTask();

    [Fact]
    public async Task Refresh_AtIntervals_TakesUpWhatChangedAndKeepsWhatCannotBeRead()
    {
        _vault.Values["a"] = "one";
        await _cache.PrepareAsync(["a"]);
        Assert.Null(_cache.Find("a", out var secret));
        Assert.Equal("one", secret!.Reveal());
        var version = _cache.Version;

        _vault.Values["a"] = "two";
        await RefreshedAsync();
        Assert.Equal("two", _cache.Current("a")!.Reveal());
        Assert.Equal(version + 1, _cache.Version);

        _vault.IsAway = true;
        await RefreshedAsync();
        Assert.Null(_cache.Find("a", out secret));
        Assert.Equal("two", secret!.Reveal());
        Assert.Equal(version + 1, _cache.Version);
    }

    [Fact]
    public async Task Renew_Refused_ReadsOnceForAllWhoWereRefusedAndNotAgainAtOnce()
    {
        _vault.Values["a"] = "one";
        await _cache.PrepareAsync(["a"]);
        var old = _cache.Current("a")!;
        Assert.False(await _cache.RenewAsync("a", old, default));
        var reads = _vault.Reads;
        Assert.False(await _cache.RenewAsync("a", old, default));
        Assert.Equal(reads, _vault.Reads);

        _vault.Values["a"] = "two";
        _time.Advance(TimeSpan.FromSeconds(2));
        var renewed = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _cache.RenewAsync("a", old, default).AsTask()));
        Assert.All(renewed, Assert.True);
        Assert.Equal(reads + 1, _vault.Reads);
    }

    [Fact]
    public async Task Prepare_MissingOrAway_SaysWhatIsWrong()
    {
        await _cache.PrepareAsync(["none"]);
        Assert.Contains("has no secret 'none'", _cache.Find("none", out _), StringComparison.Ordinal);
        _vault.IsAway = true;
        await _cache.PrepareAsync(["other"]);
        Assert.Equal("the vault is away", _cache.Find("other", out _));
    }

    private VaultCache Open() => new(_vault, TimeSpan.FromMinutes(5), _time, _log);

    private async Task RefreshedAsync()
    {
        var read = _vault.NextRead();
        while (!read.IsCompleted)
        {
            // The cache may not have begun to wait yet.
            _time.Advance(TimeSpan.FromMinutes(5));
            await Task.WhenAny(read, Task.Delay(10));
        }

        // Whoever reads next comes after the one that reads now.
        await _cache.RenewAsync("a", new Secret("neither"), default);
    }

    private sealed class ScriptedVault : ISecretVault
    {
        private TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _reads;

        public ConcurrentDictionary<string, string> Values { get; } = new();

        public bool IsAway { get; set; }

        public int Reads => Volatile.Read(ref _reads);

        public Task NextRead() => (_read = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public ValueTask<Secret?> GetAsync(string name, CancellationToken cancellation = default)
        {
            Interlocked.Increment(ref _reads);
            _read.TrySetResult();
            if (IsAway)
                throw new IOException("the vault is away");
            return new(Values.TryGetValue(name, out var value) ? new Secret(value) : null);
        }
    }
}
