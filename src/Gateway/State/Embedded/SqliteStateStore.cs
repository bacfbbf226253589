using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Gateway.State.Embedded;

/// <summary>
/// Shared state in the one SQLite file. Reads run on the caller's thread: they wait for nobody, under write-ahead logging. Writes may have to
/// wait for another writer of the file, so they run on the pool, one at a time.
/// </summary>
/// <param name="database">The file; must outlive the store.</param>
/// <param name="time">The clock of times to live.</param>
internal sealed class SqliteStateStore(SqliteDatabase database, TimeProvider time) : IStateStore, IDisposable
{
    /// <summary>How often expired rows are deleted; reads pass over them anyhow.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentBag<SqliteStateSession> _readers = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private SqliteStateSession? _writer;
    private DateTimeOffset _nextSweep;
    private volatile bool _disposed;

    /// <inheritdoc/>
    public ValueTask<StateItem?> GetAsync(string key, CancellationToken cancellation = default) =>
        Read(key, static (session, key, now) => session.Get(key, now), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StateItem?>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellation = default) =>
        Read(
            keys,
            static (session, keys, now) =>
            {
                var items = new StateItem?[keys.Count];
                for (var i = 0; i < items.Length; i++)
                    items[i] = session.Get(keys[i], now);
                return (IReadOnlyList<StateItem?>)items;
            },
            cancellation);

    /// <inheritdoc/>
    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null, CancellationToken cancellation = default) =>
        await WriteAsync([new StateChange(key, value) { TimeToLive = timeToLive }], cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<bool> TrySetAsync(
        string key, ReadOnlyMemory<byte> value, string? etag, TimeSpan? timeToLive = null, CancellationToken cancellation = default) =>
        etag is null
            ? CreateAsync(key, value, timeToLive, cancellation)
            : WriteAsync([new StateChange(key, value, etag) { TimeToLive = timeToLive }], cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> TryDeleteAsync(string key, string? etag, CancellationToken cancellation = default) =>
        WriteAsync([new StateChange(key, null, etag)], cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> TryTransactAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation = default) =>
        changes.Count == 0 ? ValueTask.FromResult(true) : WriteAsync(changes, cancellation);

    /// <summary>Closes the connections. Calls under way end first; later ones fail.</summary>
    public void Dispose()
    {
        _writing.Wait();
        _disposed = true;
        _writer?.Dispose();
        while (_readers.TryTake(out var reader))
            reader.Dispose();
        _writing.Release();
    }

    private static StateUnavailableException Unavailable(SqliteException e) => new("The embedded database did not answer: " + e.Message, e);

    private ValueTask<TResult> Read<TArgument, TResult>(
        TArgument argument, Func<SqliteStateSession, TArgument, DateTimeOffset, TResult> read, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<TResult>(cancellation);
        ObjectDisposedException.ThrowIf(_disposed, this);
        SqliteStateSession? session = null;
        try
        {
            if (!_readers.TryTake(out session))
                session = new SqliteStateSession(database);
            var result = read(session, argument, time.GetUtcNow());
            Return(session);
            return ValueTask.FromResult(result);
        }
        catch (SqliteException e)
        {
            session?.Dispose();
            return ValueTask.FromException<TResult>(Unavailable(e));
        }
    }

    private void Return(SqliteStateSession session)
    {
        _readers.Add(session);
        if (_disposed && _readers.TryTake(out var late))
            late.Dispose();
    }

    private ValueTask<bool> CreateAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive, CancellationToken cancellation)
    {
        StateKeys.Check(key);
        StateKeys.CheckTimeToLive(timeToLive);
        return WriteAsync((session, now) => session.Create(key, value, now + timeToLive, now), cancellation);
    }

    private ValueTask<bool> WriteAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation)
    {
        foreach (var change in changes)
        {
            StateKeys.Check(change.Key);
            StateKeys.CheckTimeToLive(change.TimeToLive);
        }

        return WriteAsync((session, now) => changes.Count == 1 ? session.Apply(changes[0], now) : session.ApplyAll(changes, now), cancellation);
    }

    private async ValueTask<bool> WriteAsync(Func<SqliteStateSession, DateTimeOffset, bool> write, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return await Task.Run(() => Write(write), CancellationToken.None).ConfigureAwait(false);
        }
        catch (SqliteException e)
        {
            _writer?.Dispose();
            _writer = null;
            throw Unavailable(e);
        }
        finally
        {
            _writing.Release();
        }
    }

    private bool Write(Func<SqliteStateSession, DateTimeOffset, bool> write)
    {
        var now = time.GetUtcNow();
        var session = _writer ??= new SqliteStateSession(database);
        if (now >= _nextSweep)
        {
            session.Sweep(now);
            _nextSweep = now + SweepInterval;
        }

        return write(session, now);
    }
}
