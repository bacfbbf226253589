using Gateway.State.Embedded;
using Microsoft.Extensions.Logging;

namespace Gateway.Metering;

/// <summary>Every reply, once: a durable spool in front, a store that can be asked behind it.</summary>
internal sealed class Ledger : ILedger, IAsyncDisposable
{
    private readonly ReplicaLock _replica;
    private readonly SqliteDatabase _database;
    private readonly LedgerSpool _spool;
    private readonly LedgerApplier _applier;
    private readonly LedgerStore _store;
    private readonly SpendingStore _spending;
    private bool _disposed;

    private Ledger(ReplicaLock replica, SqliteDatabase database, LedgerSpool spool, LedgerApplier applier, LedgerStore store, RecentSums recent)
    {
        _replica = replica;
        _database = database;
        _spool = spool;
        _applier = applier;
        _store = store;
        _spending = new SpendingStore(database);
        Recent = recent;
        Inherited = spool.LastSequence;
    }

    /// <summary>This replica's id, as entries carry it.</summary>
    public string Replica => _replica.Id;

    /// <summary>The last sequence of this replica's earlier lives.</summary>
    public long Inherited { get; }

    /// <summary>The last sequence that was appended.</summary>
    public long LastSequence => _spool.LastSequence;

    /// <summary>The sums of what came into the store last.</summary>
    public RecentSums Recent { get; }

    /// <summary>Entries that are durable but not in the store yet.</summary>
    public long LagEntries => Math.Max(0, _spool.LastSequence - _applier.Applied);

    /// <summary>Opens the ledger of a data directory and recovers what an earlier process left.</summary>
    /// <exception cref="IOException">The directory is in use by another gateway, or cannot be used.</exception>
    /// <exception cref="LedgerCorruptException">The spool is damaged beyond what a crash explains.</exception>
    /// <exception cref="InvalidDataException">A newer gateway wrote the database.</exception>
    public static Task<Ledger> OpenAsync(LedgerOptions options, TimeProvider time, ILogger logger) =>
        Task.Run(() => Open(options, time, logger, openFile: null));

    /// <summary>As <see cref="OpenAsync"/>, on files of the caller's making.</summary>
    internal static Ledger Open(LedgerOptions options, TimeProvider time, ILogger logger, Func<string, ISpoolFile>? openFile)
    {
        var replica = ReplicaLock.Take(options.DataDirectory);
        SqliteDatabase? database = null;
        LedgerInserter? inserter = null;
        try
        {
            database = SqliteDatabase.Open(LedgerPaths.Database(options.DataDirectory));
            LedgerConversion.Run(database, logger);
            var store = new LedgerStore(database);
            inserter = new LedgerInserter(database, replica.Id);
            var applied = store.AppliedThrough(replica.Id);
            var spool = LedgerSpool.Open(options, replica.Id, applied, time, logger, openFile);
            inserter.Inherited = spool.LastSequence;
            var applier = new LedgerApplier(spool, inserter, applied, options.ApplyInterval, time, logger);
            return new Ledger(replica, database, spool, applier, store, inserter.Recent);
        }
        catch
        {
            inserter?.Dispose();
            database?.Dispose();
            replica.Dispose();
            throw;
        }
    }

    /// <summary>Records a reply. When it completes the entry survives the process; the reply's last byte may be sent.</summary>
    /// <returns>The entry's sequence within this replica.</returns>
    /// <exception cref="LedgerUnavailableException">The entry is not recorded: refuse the reply.</exception>
    public ValueTask<long> AppendAsync(LedgerEntry entry) => _spool.AppendAsync(entry);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LedgerEntry>> FindAsync(string keyId, string requestId) =>
        (await QueryAsync(new LedgerQuery { KeyId = keyId, RequestId = requestId, Limit = LedgerQuery.MaxLimit }).ConfigureAwait(false)).Entries;

    /// <summary>Completes when everything appended before the call is on the disk and in the store.</summary>
    /// <exception cref="LedgerUnavailableException">The disk or the store refuses.</exception>
    public async Task FlushAsync(CancellationToken cancellation = default)
    {
        var last = _spool.LastSequence;
        _spool.Flush();
        await _applier.WaitAsync(last, cancellation).ConfigureAwait(false);
    }

    /// <summary>A page of entries; those appended before the call are among what is searched.</summary>
    /// <exception cref="FormatException">The cursor is not valid.</exception>
    /// <exception cref="LedgerUnavailableException">The store refuses.</exception>
    public async Task<LedgerPage> QueryAsync(LedgerQuery query, CancellationToken cancellation = default)
    {
        await _applier.WaitAsync(_spool.LastSequence, cancellation).ConfigureAwait(false);
        return _store.Query(query);
    }

    /// <summary>What a key used, by requested model; entries appended before the call are counted.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="from">First moment counted, or null for the beginning.</param>
    /// <param name="to">First moment no longer counted, or null for now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LedgerUnavailableException">The store refuses.</exception>
    public async Task<UsageSummary> SummarizeAsync(
        string keyId, DateTimeOffset? from = null, DateTimeOffset? to = null, CancellationToken cancellation = default)
    {
        await _applier.WaitAsync(_spool.LastSequence, cancellation).ConfigureAwait(false);
        return _store.Summarize(keyId, from, to);
    }

    /// <summary>What of this replica's entries took part in a time, summed up by what limits tell apart; entries appended before the call are counted.</summary>
    /// <param name="query">Whose and when: its owner, <see cref="LedgerQuery.From"/> and <see cref="LedgerQuery.To"/>.</param>
    /// <param name="bucket">The size of the buckets to tell apart, in milliseconds; 0: none.</param>
    /// <param name="earlier">Whether only entries of earlier lives count.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LedgerUnavailableException">The store refuses.</exception>
    public async Task<IReadOnlyList<SpendingLine>> SpendingAsync(LedgerQuery query, long bucket, bool earlier, CancellationToken cancellation = default)
    {
        await _applier.WaitAsync(earlier ? Inherited : _spool.LastSequence, cancellation).ConfigureAwait(false);
        return _spending.Sum(Replica, query, bucket, earlier ? Inherited : null);
    }

    /// <summary>Finishes appends under way, forces them to the disk, applies them and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return; // a container may own what its owner closes too
        await _spool.DisposeAsync().ConfigureAwait(false);
        try
        {
            await _applier.WaitAsync(_spool.LastSequence, CancellationToken.None).ConfigureAwait(false);
        }
        catch (LedgerUnavailableException)
        {
            // Logged where it arose. The entries are safe in the spool and are applied at the next start.
        }

        await _applier.DisposeAsync().ConfigureAwait(false);
        _database.Dispose();
        _replica.Dispose();
    }
}
