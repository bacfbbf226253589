using System.Data.Common;
using Gateway.Admission;
using Gateway.Configuration;
using Gateway.Metering;
using Gateway.State.Embedded;

namespace GatewayApi.Hosting;

/// <summary>What lies in the data directory: the database and the ledger. Opened once at the start, closed after the last request.</summary>
internal sealed class DataStores(GatewayStartup startup, GatewayConfig config, ILoggerFactory loggers) : IAsyncDisposable
{
    private SqliteDatabase? _database;
    private Ledger? _ledger;
    private SqliteStateStore? _state;

    /// <summary>The directory, absolute.</summary>
    public string Directory { get; } = Path.GetFullPath(config.Server.DataDirectory);

    /// <summary>The ledger.</summary>
    public Ledger Ledger => _ledger ?? throw new InvalidOperationException("The data directory has not been opened.");

    /// <summary>State that would be shared, if there were another replica.</summary>
    public SqliteStateStore State => _state ?? throw new InvalidOperationException("The data directory has not been opened.");

    /// <summary>The key store.</summary>
    public KeyStore Keys => new(_database ?? throw new InvalidOperationException("The data directory has not been opened."));

    /// <summary>Where the configuration that serves is written down, secrets masked, for whoever plans the next one.</summary>
    public string AppliedConfiguration => Path.Combine(Directory, Gateway.Configuration.Plans.AppliedConfiguration.FileName);

    /// <summary>The record of files and batches.</summary>
    public StoredObjectRecord Objects => new(_database ?? throw new InvalidOperationException("The data directory has not been opened."));

    /// <summary>The ledger as a list of what is to be published.</summary>
    public UsageOutbox Outbox => new(_database ?? throw new InvalidOperationException("The data directory has not been opened."));

    /// <summary>Opens everything, recovering what a crash left.</summary>
    /// <exception cref="StartException">The directory cannot be used.</exception>
    public async Task OpenAsync()
    {
        try
        {
            await OpenStoresAsync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException or InvalidDataException or LedgerCorruptException)
        {
            throw new StartException($"The data directory {Directory} cannot be used: {e.Message}", e);
        }
    }

    private async Task OpenStoresAsync()
    {
        System.IO.Directory.CreateDirectory(Directory);
        _database = SqliteDatabase.Open(LedgerPaths.Database(Directory));
        _state = new SqliteStateStore(_database, startup.Time);
        var options = new LedgerOptions
        {
            DataDirectory = Directory,
            Fsync = config.Ledger.FsyncAlways ? FsyncMode.Always : FsyncMode.Interval,
            FsyncInterval = config.Ledger.Interval,
            SegmentBytes = (long)config.Ledger.SegmentMiB << 20,
        };
        _ledger = await Ledger.OpenAsync(options, startup.Time, loggers.CreateLogger<Ledger>());
    }

    public async ValueTask DisposeAsync()
    {
        if (_ledger is not null)
            await _ledger.DisposeAsync();
        _state?.Dispose();
        _database?.Dispose();
    }
}
