using Gateway.Admission;
using Gateway.Admission.Directory;
using Gateway.Configuration;
using Gateway.Configuration.Plans;
using Gateway.Providers.Catalogue;
using Gateway.Providers.Credentials;
using Gateway.Routing.Health;

namespace GatewayApi.Hosting;

/// <summary>The configuration that serves, and everything that follows it: the snapshot, the directory's declared part, the key ring, and the watch on the file.</summary>
internal sealed partial class LiveConfiguration(
    GatewayStartup startup, IModelCatalogue catalogue, TargetStates targets, LazySimulator simulator, FirstRun firstRun, DataStores stores, GatewayConfig config, StatePorts ports,
    DirectoryService directory, KeyOperations operations, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<LiveConfiguration>();
    private readonly Lock _compiling = new();
    private readonly VirtualKeyCompiler _compiler = new();
    private SnapshotHolder? _snapshots;
    private KeyRingHolder? _keys;
    private ConfigurationWatcher? _watcher;

    /// <summary>The current snapshot.</summary>
    public SnapshotHolder Snapshots => _snapshots ?? throw NotStarted();

    /// <summary>The current keys.</summary>
    public KeyRingHolder Keys => _keys ?? throw NotStarted();

    /// <summary>The build whose snapshot serves.</summary>
    public ConfigurationBuild Applied => _watcher?.Applied ?? throw NotStarted();

    /// <summary>How the last change of the file went; null while there was none.</summary>
    public ReloadState? LastReload => _watcher?.LastReload;

    /// <summary>Compiles the configuration, reads the directory and begins to watch both.</summary>
    /// <exception cref="ConfigurationException">It has problems.</exception>
    public async Task StartAsync()
    {
        await ports.WaitForSidecarAsync();
        await ports.FetchSecretsAsync(config.VaultSecrets);
        var inputs = new CompileInputs
        {
            Environment = startup.Environment,
            Catalogue = catalogue,
            HashKey = firstRun.Hasher.Hash,
            Vault = ports.Secrets,
            Simulator = () => simulator.BaseUri,
            IndexStores = SemanticIndexes.Stores,
            Targets = targets,
            Keys = new KeyStates(startup.Time),
            Time = startup.Time,
            Logger = loggers.CreateLogger<ConfigurationWatcher>(),
        };
        var build = ConfigurationBuild.FromFile(startup.ConfigurationPath, startup.ConfigurationIsOptional, inputs);
        if (build.Snapshot is not { } snapshot)
            throw new ConfigurationException(startup.ConfigurationPath, build.Problems);
        _snapshots = new SnapshotHolder(snapshot);
        directory.Declare(snapshot.Entities);
        await directory.StartAsync();
        await FillDirectoryAsync(snapshot);
        _keys = new KeyRingHolder(Compile(directory.Current));
        directory.Changed += next => _keys.Current = Compile(next);
        _keys.Current = Compile(directory.Current); // what came between the two lines above
        foreach (var problem in directory.Problems)
            LogProblem(problem);
        WriteDown(build);
        _snapshots.Swapped += TakeUp;
        _watcher = new ConfigurationWatcher(
            startup.ConfigurationPath, build, inputs, _snapshots, startup.Time, loggers.CreateLogger<ConfigurationWatcher>(), startup.ReloadInterval, judge: Judge);
        _watcher.Reloaded += state =>
        {
            if (state.Succeeded)
                WriteDown(_watcher.Applied);
        };
    }

    public ValueTask DisposeAsync() => _watcher?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task FillDirectoryAsync(GatewaySnapshot snapshot)
    {
        try
        {
            await new KeyMigration(stores.Keys, directory, loggers.CreateLogger<KeyMigration>()).RunAsync();
            await firstRun.MakeKeyAsync(directory, operations, snapshot);
        }
        catch (IOException e)
        {
            // Declared keys work without the store, and the others when it is back.
            LogNotFilled(e.Message);
        }
    }

    private KeyRing Compile(DirectorySnapshot current)
    {
        lock (_compiling)
            return new KeyRing(firstRun.Hasher, _compiler.Compile(current), startup.Time);
    }

    /// <summary>Compiles a key for a caller who is known otherwise.</summary>
    public VirtualKey Compile(DirectorySnapshot current, KeyEntity key)
    {
        lock (_compiling)
            return _compiler.Compile(current, key);
    }

    private void TakeUp(GatewaySnapshot next)
    {
        lock (_compiling)
            _compiler.Forget();
        directory.Declare(next.Entities);
    }

    /// <summary>What an edit would break that is kept in the directory. What is broken already does not stand in the way of other edits.</summary>
    private IEnumerable<ConfigProblem> Judge(GatewaySnapshot next) =>
        directory.ProblemsWith(next.Entities).Except(directory.Problems).Select(p => new ConfigProblem("$", p));

    private void WriteDown(ConfigurationBuild build)
    {
        try
        {
            AppliedConfiguration.Write(stores.AppliedConfiguration, EffectiveConfiguration.Write(build.Config!, build.Providers));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotWrittenDown(e.Message);
        }
    }

    private static InvalidOperationException NotStarted() => new("The configuration has not been started.");

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The directory could not be changed at the start: {Reason}")]
    private partial void LogNotFilled(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration that serves could not be written down, so --plan compares with an older one: {Reason}")]
    private partial void LogNotWrittenDown(string reason);
}
