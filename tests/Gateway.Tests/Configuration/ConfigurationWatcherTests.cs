using Gateway.Configuration;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Configuration;

public sealed class ConfigurationWatcherTests : IAsyncLifetime, IDisposable
{
    private const string First = """{ "routes": { "r": { "targets": ["simulator/first"] } } }""";
    private const string Second = """{ "routes": { "r": { "targets": ["simulator/second"] } } }""";

    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly List<ReloadState> _reloads = [];
    private readonly List<string> _log = [];
    private ConfigurationWatcher? _watcher;
    private SnapshotHolder? _holder;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_watcher is not null) await _watcher.DisposeAsync();
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Look_GoodEdit_SwapsTheSnapshotAndCountsTheEpoch()
    {
        Start(First);
        var old = _holder!.Current;
        Write(Second);
        LookTwice();
        Assert.Equal("simulator/second", Target());
        Assert.Equal(old.Epoch + 1, _holder.Current.Epoch);
        Assert.Equal("first", old.Models.Resolve("r")!.Targets[0].Model);
        Assert.True(_watcher!.LastReload!.Succeeded);
        Assert.Single(_reloads);
    }

    [Fact]
    public void Look_BadEdit_KeepsTheOldSnapshotAndSaysWhy()
    {
        Start(First);
        var old = _holder!.Current;
        Write("""{ "rotes": {}, "limits": { "maxReplyBytes": 1 } }""");
        LookTwice();
        Assert.Same(old, _holder.Current);
        var state = _watcher!.LastReload!;
        Assert.False(state.Succeeded);
        Assert.Equal(["$.rotes", "$.limits.maxReplyBytes"], state.Problems.Select(p => p.Path));
        Assert.InRange(state.At, _time.GetUtcNow() - TimeSpan.FromSeconds(4), _time.GetUtcNow());
        Assert.Contains("$.rotes", Assert.Single(_log), StringComparison.Ordinal);

        LookTwice();
        Assert.Single(_reloads);
        Write(Second);
        LookTwice();
        Assert.True(_watcher.LastReload!.Succeeded);
        Assert.Equal("simulator/second", Target());
    }

    [Fact]
    public void Look_EditStillBeingWritten_WaitsUntilItSettles()
    {
        Start(First);
        Write("{ \"routes\"");
        _time.Advance(TimeSpan.FromSeconds(1)); // the first look comes at the interval, others soon after
        Write(Second);
        Tick();
        Assert.Empty(_reloads);
        Tick();
        Assert.Equal("simulator/second", Target());
        Assert.Single(_reloads);
    }

    [Fact]
    public void Look_SameContents_DoesNothing()
    {
        Start(First);
        Write(First);
        LookTwice();
        Assert.Empty(_reloads);
        Assert.Null(_watcher!.LastReload);
    }

    [Fact]
    public void Look_FileReplacedByRename_IsSeen()
    {
        Start(First);
        var next = Path.Combine(_directory.Path, "gateway.json~");
        File.WriteAllText(next, Second);
        File.Move(next, FilePath, overwrite: true);
        LookTwice();
        Assert.Equal("simulator/second", Target());
    }

    [Fact]
    public void Look_SymbolicLinkSwapped_IsSeen()
    {
        // As Kubernetes mounts a ConfigMap: gateway.json -> ..data/gateway.json, ..data -> ..1 and later ..2.
        foreach (var (name, content) in new[] { ("..1", First), ("..2", Second) })
        {
            Directory.CreateDirectory(Path.Combine(_directory.Path, name));
            File.WriteAllText(Path.Combine(_directory.Path, name, "gateway.json"), content);
        }

        var data = Path.Combine(_directory.Path, "..data");
        Directory.CreateSymbolicLink(data, "..1");
        File.CreateSymbolicLink(FilePath, "..data/gateway.json");
        Start(null);
        Assert.Equal("simulator/first", Target());
        File.Delete(data);
        Directory.CreateSymbolicLink(data, "..2");
        LookTwice();
        Assert.Equal("simulator/second", Target());
    }

    [Fact]
    public void Look_FileGone_IsRefused()
    {
        Start(First);
        File.Delete(FilePath);
        LookTwice();
        Assert.False(_watcher!.LastReload!.Succeeded);
        Assert.Equal("simulator/first", Target());
        Write(Second);
        LookTwice();
        Assert.Equal("simulator/second", Target());
    }

    [Fact]
    public void Look_FileAppears_IsTakenUp()
    {
        Start(null);
        Assert.Null(_holder!.Current.Models.Resolve("r"));
        Write(Second);
        LookTwice();
        Assert.Equal("simulator/second", Target());
    }

    [Theory]
    [InlineData("""{ "server": { "port": 9999 } }""", "$.server.urls")]
    [InlineData("""{ "server": { "dataDirectory": "elsewhere" } }""", "$.server.dataDirectory")]
    [InlineData("""{ "ledger": { "segmentMiB": 8 } }""", "$.ledger")]
    [InlineData("""{ "logging": { "level": "debug" } }""", "$.logging")]
    [InlineData("""{ "telemetry": { "metricsEnabled": false } }""", "$.telemetry")]
    public void Look_ChangeThatNeedsARestart_IsRefused(string json, string path)
    {
        Start("{}");
        var old = _holder!.Current;
        Write(json);
        LookTwice();
        var problem = Assert.Single(_watcher!.LastReload!.Problems);
        Assert.Equal(path, problem.Path);
        Assert.Contains("needs a restart", problem.Message, StringComparison.Ordinal);
        Assert.Same(old, _holder.Current);
    }

    [Fact]
    public void Look_SecretFileRotated_IsTakenUp()
    {
        var secret = Path.Combine(_directory.Path, "key.txt");
        File.WriteAllText(secret, "sk-old");
        Start("""{ "providers": { "openai": { "apiKey": "file:key.txt" } } }""");
        File.WriteAllText(secret, "sk-new");
        LookTwice();
        Assert.Equal("Bearer sk-new", Configured.Header(_holder!.Current.Providers["openai"]).Value);
    }

    [Fact]
    public void Look_SwapHandlerThrows_KeepsWatching()
    {
        Start(First);
        _holder!.Swapped += Throw;
        Write(Second);
        LookTwice();
        _holder.Swapped -= Throw;
        Write(First);
        LookTwice();
        Assert.Equal("simulator/first", Target());

        static void Throw(GatewaySnapshot snapshot) => throw new InvalidOperationException("A subscriber failed.");
    }

    [Fact]
    public async Task Hint_FileEvent_LooksWithoutWaitingForTheInterval()
    {
        Write(First);
        var inputs = Configured.Inputs();
        var started = ConfigurationBuild.FromFile(FilePath, optional: true, inputs);
        _holder = new SnapshotHolder(started.Snapshot!);
        _watcher = new ConfigurationWatcher(
            FilePath, started, inputs, _holder, TimeProvider.System, NullLogger<ConfigurationWatcher>.Instance, TimeSpan.FromHours(1));
        var reloaded = new TaskCompletionSource<ReloadState>(TaskCreationOptions.RunContinuationsAsynchronously);
        _watcher.Reloaded += state => reloaded.TrySetResult(state);
        Write(Second);
        Assert.True((await reloaded.Task.WaitAsync(TimeSpan.FromSeconds(20))).Succeeded);
        Assert.Equal("simulator/second", Target());
    }

    private string FilePath => Path.Combine(_directory.Path, "gateway.json");

    private void Start(string? json)
    {
        if (json is not null) Write(json);
        var inputs = Configured.Inputs();
        var started = ConfigurationBuild.FromFile(FilePath, optional: true, inputs);
        Assert.Empty(started.Problems);
        _holder = new SnapshotHolder(started.Snapshot!);
        _watcher = new ConfigurationWatcher(FilePath, started, inputs, _holder, _time, new ErrorLog(_log), takesHints: false);
        _watcher.Reloaded += _reloads.Add;
    }

    private void Write(string json) => File.WriteAllText(FilePath, json);

    private string Target() => _holder!.Current.Models.Resolve("r")!.Targets[0].Address;

    private void Tick() => _time.Advance(TimeSpan.FromMilliseconds(100));

    private void LookTwice()
    {
        // A look that sees a change is followed by another soon after; more advances than looks do no harm.
        for (var i = 0; i < 4; i++)
            _time.Advance(TimeSpan.FromSeconds(1));
    }

    private sealed class ErrorLog(List<string> lines) : ILogger<ConfigurationWatcher>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error) lines.Add(formatter(state, exception));
        }
    }
}
