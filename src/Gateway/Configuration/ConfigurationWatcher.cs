using Microsoft.Extensions.Logging;

namespace Gateway.Configuration;

/// <summary>
/// Takes up changes of the configuration file, and of the secret files it names, while the gateway runs. File events are only a hint:
/// they are lost on network drives and say little about replaced files and swapped symbolic links, so contents are compared at
/// intervals. A change is taken up once two looks in a row see the same contents; a faulty one is refused and the old snapshot stays.
/// </summary>
internal sealed partial class ConfigurationWatcher : IAsyncDisposable
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly GatewayConfig _started;
    private readonly CompileInputs _inputs;
    private readonly SnapshotHolder _holder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private readonly FileSystemWatcher? _hints;
    private IReadOnlyList<string> _secretFiles;
    private Fingerprint _applied;
    private Fingerprint? _pending;
    private readonly Func<GatewaySnapshot, IEnumerable<ConfigProblem>>? _judge;
    private volatile ConfigurationBuild _build;
    private volatile ReloadState? _lastReload;
    private int _hinted;

    /// <summary>Begins watching.</summary>
    /// <param name="path">The file; it may be missing if it was when the gateway started.</param>
    /// <param name="started">What the gateway was started with.</param>
    /// <param name="inputs">What compiling needs; the epoch is counted on from the current snapshot's.</param>
    /// <param name="holder">Gets the new snapshots.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="logger">Gets one message for each change.</param>
    /// <param name="interval">Between two looks; null: 1 s.</param>
    /// <param name="takesHints">Whether events of the file system bring a look forward. Without them changes are seen at intervals alone.</param>
    /// <param name="judge">Says what else stands in the way of a snapshot that is good by itself.</param>
    public ConfigurationWatcher(
        string path, ConfigurationBuild started, CompileInputs inputs, SnapshotHolder holder, TimeProvider time, ILogger<ConfigurationWatcher> logger,
        TimeSpan? interval = null, bool takesHints = true, Func<GatewaySnapshot, IEnumerable<ConfigProblem>>? judge = null)
    {
        _path = Path.GetFullPath(path);
        _started = started.Config ?? throw new ArgumentException("The gateway cannot have been started with a broken configuration.", nameof(started));
        (_inputs, _holder, _time, _logger) = (inputs, holder, time, logger);
        (_build, _judge) = (started, judge);
        _interval = interval ?? TimeSpan.FromSeconds(1);
        _secretFiles = _started.SecretFiles;
        _applied = Look() with { Content = started.ContentHash };
        _timer = time.CreateTimer(static self => ((ConfigurationWatcher)self!).OnTimer(), this, _interval, _interval);
        _hints = takesHints ? StartHints() : null;
    }

    /// <summary>Raised after each change was taken up or refused, on the watching thread.</summary>
    public event Action<ReloadState>? Reloaded;

    /// <summary>The build whose snapshot serves.</summary>
    public ConfigurationBuild Applied => _build;

    /// <summary>How the last change went; null while there was none.</summary>
    public ReloadState? LastReload => _lastReload;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _hints?.Dispose();
        await _timer.DisposeAsync();
    }

    private void OnTimer()
    {
        // A look that takes longer than the interval must not pile up others behind it.
        if (!_gate.TryEnter()) return;
        try
        {
            Volatile.Write(ref _hinted, 0);
            var seen = Look();
            if (seen == _applied)
            {
                _pending = null;
            }
            else if (seen != _pending)
            {
                _pending = seen;
                _timer.Change(Settle, _interval);
            }
            else
            {
                var before = _applied;
                (_applied, _pending) = (seen, null);
                Reload(seen, before);
            }
        }
        catch (Exception e)
        {
            // An exception on a timer would end the process, and with it every request in flight.
            LogWatchFailed(e);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void Reload(Fingerprint seen, Fingerprint before)
    {
        if (seen.Exists && !IsPrepared())
        {
            // The vault is being asked for what the file names now: a later look goes on from here.
            _applied = before;
            return;
        }

        var build = seen.Exists ? ConfigurationBuild.FromFile(_path, optional: false, _inputs with { Epoch = _holder.Current.Epoch + 1 }) : null;
        IReadOnlyList<ConfigProblem> problems = build is null
            ? [new ConfigProblem("$", "the file has gone or cannot be read; put it back, or restart to run without it")]
            :
            [
                .. build.Problems,
                .. build.Config is { } config ? RestartRules.Check(_started, config) : [],
                .. build.Snapshot is { } good && _judge is { } judge ? judge(good) : [],
            ];
        if (build?.Config is { } read)
        {
            // A faulty file may name a secret that is mended next, so what it names is watched as well.
            _secretFiles = read.SecretFiles;
            _applied = _applied with { Secrets = HashSecrets() };
        }

        var state = new ReloadState(_time.GetUtcNow(), problems.Count == 0, problems);
        _lastReload = state;
        if (state.Succeeded)
        {
            _build = build!;
            _holder.Swap(build!.Snapshot!);
            LogReloaded(_path, build.Snapshot!.Epoch);
        }
        else
        {
            LogRefused(_path, problems.Count, string.Join(Environment.NewLine, problems));
        }

        Reloaded?.Invoke(state);
    }

    private Fingerprint Look()
    {
        var exists = ConfigurationFile.Read(_path, out var content) is null;
        return new Fingerprint(exists, ConfigurationFile.Hash(content), HashSecrets(), _inputs.Vault?.Version ?? 0);
    }

    private bool IsPrepared() =>
        _inputs.Vault is not { } vault || ConfigurationLoader.Load(_path, _inputs.Environment).Config is not { } config || vault.IsPrepared(config.VaultSecrets);

    private UInt128 HashSecrets()
    {
        UInt128 all = 0;
        foreach (var file in _secretFiles)
        {
            ConfigurationFile.Read(file, out var content);
            all = (all << 1 | all >> 127) ^ ConfigurationFile.Hash(content);
        }

        return all;
    }

    private FileSystemWatcher? StartHints()
    {
        try
        {
            var watcher = new FileSystemWatcher(Path.GetDirectoryName(_path)!)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.CreationTime,
            };
            watcher.Changed += (_, e) => Hint(e.Name);
            watcher.Created += (_, e) => Hint(e.Name);
            watcher.Renamed += (_, e) => Hint(e.Name);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            LogNoHints(e.Message);
            return null;
        }
    }

    private void Hint(string? name)
    {
        // Kubernetes swaps a link called "..data" beside the file.
        if (name != Path.GetFileName(_path) && name?.StartsWith("..", StringComparison.Ordinal) != true) return;
        // Only the first event moves the timer, or a file that is written all the time would put the look off for ever.
        if (Interlocked.Exchange(ref _hinted, 1) == 0) _timer.Change(Settle, _interval);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Took up the changed configuration {Path}; snapshot {Epoch} is current.")]
    private partial void LogReloaded(string path, long epoch);

    [LoggerMessage(Level = LogLevel.Error, Message = "Refused the changed configuration {Path}: {Count} problem(s). The old one stays.\n{Problems}")]
    private partial void LogRefused(string path, int count, string problems);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No file events for the configuration ({Reason}); changes are still seen by looking at intervals.")]
    private partial void LogNoHints(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking at the configuration failed; it is tried again.")]
    private partial void LogWatchFailed(Exception exception);

    private readonly record struct Fingerprint(bool Exists, UInt128 Content, UInt128 Secrets, long VaultVersion);
}
