using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Providers.Catalogue;

namespace GatewayApi.Hosting;

/// <summary>The configuration that serves, and everything that follows it: the snapshot, the key ring, and the watch on the file.</summary>
internal sealed class LiveConfiguration(
    GatewayStartup startup, IModelCatalogue catalogue, LazySimulator simulator, FirstRun firstRun, GatewayConfig config, StatePorts ports, ILogger<ConfigurationWatcher> logger) : IAsyncDisposable
{
    private SnapshotHolder? _snapshots;
    private KeyRingHolder? _keys;
    private ConfigurationWatcher? _watcher;

    /// <summary>The current snapshot.</summary>
    public SnapshotHolder Snapshots => _snapshots ?? throw NotStarted();

    /// <summary>The current keys.</summary>
    public KeyRingHolder Keys => _keys ?? throw NotStarted();

    /// <summary>How the last change of the file went; null while there was none.</summary>
    public ReloadState? LastReload => _watcher?.LastReload;

    /// <summary>Compiles the configuration and begins to watch it.</summary>
    /// <exception cref="ConfigurationException">It has problems.</exception>
    public async Task StartAsync()
    {
        await ports.WaitForSidecarAsync();
        await ports.Secrets.PrepareAsync(config.VaultSecrets);
        var inputs = new CompileInputs
        {
            Environment = startup.Environment,
            Catalogue = catalogue,
            HashKey = firstRun.Hasher.Hash,
            Vault = ports.Secrets,
            Simulator = () => simulator.BaseUri,
            Time = startup.Time,
            Logger = logger,
        };
        var build = ConfigurationBuild.FromFile(startup.ConfigurationPath, startup.ConfigurationIsOptional, inputs);
        if (build.Snapshot is not { } snapshot)
            throw new ConfigurationException(startup.ConfigurationPath, build.Problems);
        _snapshots = new SnapshotHolder(snapshot);
        _keys = new KeyRingHolder(firstRun.LoadKeys(snapshot));
        _snapshots.Swapped += next => _keys.Current = firstRun.LoadKeys(next);
        _watcher = new ConfigurationWatcher(startup.ConfigurationPath, build, inputs, _snapshots, startup.Time, logger, startup.ReloadInterval);
    }

    public ValueTask DisposeAsync() => _watcher?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static InvalidOperationException NotStarted() => new("The configuration has not been started.");
}
