using Microsoft.Extensions.Logging;

namespace Gateway.Metering;

/// <summary>
/// The durable queue in front of the store: append-only segments of checksummed lines. Whoever appends while nobody writes, writes; who
/// comes meanwhile is written with the next batch. An append completes when its line has reached the operating system (and the disk,
/// under <see cref="FsyncMode.Always"/>), so it survives the process.
/// </summary>
internal sealed class LedgerSpool : IThreadPoolWorkItem, IAsyncDisposable
{
    /// <summary>How many batches of others an appender writes before a pool thread takes over.</summary>
    private const int BatchesForOthers = 4;

    private readonly LedgerOptions _options;
    private readonly ILogger _logger;
    private readonly string _directory;
    private readonly string _replica;
    private readonly Func<string, ISpoolFile> _openFile;
    private readonly SpoolWaiterPool _waiters = new();
    private readonly SpoolFlusher _flusher;

    private readonly Lock _gate = new();
    private readonly List<SpoolSegment> _segments;
    private SpoolBatch _pending = new();
    private SpoolBatch? _spare = new();
    private long _nextSequence;
    private bool _writing;
    private TaskCompletionSource? _closing;

    // Of the one who writes alone.
    private ISpoolFile? _file;
    private long _length;
    private bool _tailInDoubt;

    private long _lastSequence;

    // Length of the newest segment, which learns of it when it is no longer the newest.
    private long _durable;

    private LedgerSpool(
        LedgerOptions options, string directory, string replica, SpoolContents contents, long applied, Func<string, ISpoolFile> openFile,
        TimeProvider time, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _directory = directory;
        _replica = replica;
        _openFile = openFile;
        _segments = contents.Segments;

        // The store can be ahead of the spool after a machine crash: those sequences are taken.
        _nextSequence = Math.Max(contents.NextSequence, applied + 1);
        _lastSequence = _nextSequence - 1;
        _durable = _segments.Count > 0 ? _segments[^1].Length : 0;
        if (_segments.Count > 0 && contents.NextSequence == _nextSequence)
        {
            _file = openFile(_segments[^1].Path);
            _length = _segments[^1].Length;
        }

        _flusher = new SpoolFlusher(options.FsyncInterval, time, logger);
        if (_file is not null)
            _flusher.Follow(_file);
    }

    /// <summary>The last sequence whose line is durable.</summary>
    public long LastSequence => Volatile.Read(ref _lastSequence);

    /// <summary>Raised after lines became durable; the applier waits for it.</summary>
    public AsyncSignal Appended { get; } = new();

    /// <summary>Opens the spool and recovers it.</summary>
    /// <param name="options">Durability and sizes.</param>
    /// <param name="replica">The replica that writes.</param>
    /// <param name="applied">The last sequence of this replica in the store.</param>
    /// <param name="time">Drives the flusher.</param>
    /// <param name="logger">Told of recovery and of disks that fail and return.</param>
    /// <param name="openFile">Opens a segment for writing; tests make it fail.</param>
    /// <exception cref="LedgerCorruptException">The spool is damaged beyond what a crash explains.</exception>
    public static LedgerSpool Open(
        LedgerOptions options, string replica, long applied, TimeProvider time, ILogger logger, Func<string, ISpoolFile>? openFile = null)
    {
        var directory = LedgerPaths.Spool(options.DataDirectory);
        Directory.CreateDirectory(directory);
        var contents = SpoolRecovery.Recover(directory, applied);
        if (contents.CutBytes > 0)
            LedgerLog.TornTail(logger, contents.CutBytes, contents.NextSequence - 1);
        return new LedgerSpool(options, directory, replica, contents, applied, openFile ?? SpoolFile.Best, time, logger);
    }

    /// <summary>Appends an entry.</summary>
    /// <returns>Its sequence, once it is durable.</returns>
    /// <exception cref="LedgerUnavailableException">It is not durable, and its sequence will be another entry's.</exception>
    /// <exception cref="ObjectDisposedException">The ledger is closed.</exception>
    public ValueTask<long> AppendAsync(LedgerEntry entry)
    {
        SpoolBatch batch;
        long sequence;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
            sequence = _nextSequence;
            _pending.Add(entry, _replica, sequence);
            _nextSequence++;
            if (_writing)
            {
                var waiter = _waiters.Rent();
                _pending.Waiters.Add(waiter);
                return waiter.Begin(sequence);
            }

            _writing = true;
            batch = TakePending();
        }

        var error = Write(batch);
        WriteForOthers(batch, _options.Fsync == FsyncMode.Always ? 0 : BatchesForOthers);
        return error is null ? new ValueTask<long>(sequence) : ValueTask.FromException<long>(error);
    }

    /// <summary>Forces everything appended so far to the disk.</summary>
    /// <exception cref="LedgerUnavailableException">The disk refuses.</exception>
    public void Flush() => _flusher.FlushNow();

    /// <summary>The segment that holds a durable sequence, with the length that may be read.</summary>
    public SpoolSegment SegmentOf(long sequence)
    {
        lock (_gate)
        {
            var index = _segments.FindLastIndex(segment => segment.FirstSequence <= sequence);
            return index < _segments.Count - 1 ? _segments[index] : _segments[index] with { Length = Volatile.Read(ref _durable) };
        }
    }

    /// <summary>Whether <see cref="DeleteApplied"/> would delete something.</summary>
    public bool HasDeletable(long applied)
    {
        lock (_gate)
        {
            return _segments.Count > 1 && _segments[1].FirstSequence <= applied + 1;
        }
    }

    /// <summary>Deletes segments whose every line the store has for good. The newest one stays: it knows the next sequence.</summary>
    public void DeleteApplied(long applied)
    {
        while (true)
        {
            string path;
            lock (_gate)
            {
                if (_segments.Count < 2 || _segments[1].FirstSequence > applied + 1)
                    return;
                path = _segments[0].Path;
                _segments.RemoveAt(0);
            }

            File.Delete(path);
        }
    }

    /// <summary>Refuses further appends, finishes those under way, flushes and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        TaskCompletionSource closing;
        lock (_gate)
        {
            if (_closing is not null)
                return;
            closing = _closing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_writing)
                closing.SetResult();
        }

        await closing.Task.ConfigureAwait(false);
        await _flusher.DisposeAsync().ConfigureAwait(false);
        if (_file is null)
            return;
        try
        {
            _file.Truncate(_length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LedgerLog.TruncateFailed(_logger, e); // recovery does it
        }

        _file.Dispose();
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => WriteForOthers(null, int.MaxValue);

    private SpoolBatch TakePending()
    {
        var batch = _pending;
        _pending = _spare ?? new SpoolBatch();
        _spare = null;
        return batch;
    }

    /// <summary>Writes what came meanwhile.</summary>
    /// <param name="written">The batch that has just been written, for its next use.</param>
    /// <param name="batches">How many batches before a pool thread takes over.</param>
    private void WriteForOthers(SpoolBatch? written, int batches)
    {
        while (true)
        {
            SpoolBatch batch;
            lock (_gate)
            {
                written?.Clear();
                _spare ??= written;
                if (_pending.Count == 0)
                {
                    _writing = false;
                    _closing?.TrySetResult();
                    return;
                }

                if (batches-- == 0)
                {
                    // Still "writing": the pool thread continues, and closing waits for it.
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                    return;
                }

                batch = TakePending();
            }

            Write(batch);
            written = batch;
        }
    }

    /// <summary>Writes a batch and completes its waiters.</summary>
    private LedgerUnavailableException? Write(SpoolBatch batch)
    {
        LedgerUnavailableException? error = null;
        try
        {
            WriteLines(batch);
        }
        catch (Exception e)
        {
            error = new LedgerUnavailableException("The ledger cannot be written.", e);
            LedgerLog.AppendFailed(_logger, batch.Count, e);
            Retreat(batch, error);
        }

        foreach (var waiter in batch.Waiters)
            waiter.Complete(error);
        return error;
    }

    private void WriteLines(SpoolBatch batch)
    {
        _flusher.ThrowIfFailing();
        if (_file is null || (_length > 0 && _length + batch.Lines.Length > _options.SegmentBytes))
            BeginSegment(batch.FirstSequence);
        if (_tailInDoubt)
            _file!.Truncate(_length);
        _tailInDoubt = true;
        _file!.Write(batch.Lines, _length);
        if (_options.Fsync == FsyncMode.Always)
            _file.Flush();
        _tailInDoubt = false;
        _length += batch.Lines.Length;
        Volatile.Write(ref _durable, _length); // before the sequence: who sees that reads this much
        Volatile.Write(ref _lastSequence, batch.LastSequence);
        Appended.Raise();
        if (_options.Fsync == FsyncMode.Interval)
            _flusher.Dirty.Raise();
    }

    private void BeginSegment(long firstSequence)
    {
        if (_file is not null)
        {
            // Only the newest segment may end in half a line, or in room for more, also after the machine crashed.
            _file.Truncate(_length);
            _tailInDoubt = false;
            _file.Flush();
        }

        var path = SpoolSegment.PathOf(_directory, firstSequence);
        _file = _openFile(path);
        _length = 0;
        _tailInDoubt = true;
        _flusher.Follow(_file);
        lock (_gate)
        {
            if (_segments.Count > 0)
                _segments[^1] = _segments[^1] with { Length = _durable };
            _segments.Add(new SpoolSegment(path, firstSequence, 0));
            _durable = 0;
        }
    }

    /// <summary>After a failed write: nothing of it stays in the file, and its sequences are free again.</summary>
    private void Retreat(SpoolBatch batch, LedgerUnavailableException error)
    {
        try
        {
            if (_tailInDoubt && _file is not null)
            {
                _file.Truncate(_length);
                _tailInDoubt = false;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Still in doubt: the next write cuts it first, or recovery does.
            LedgerLog.TruncateFailed(_logger, e);
        }

        SpoolWaiter[] late;
        lock (_gate)
        {
            // Those who came meanwhile hold sequences that follow the failed ones: they fail too, so that no gap appears.
            late = [.. _pending.Waiters];
            _pending.Clear();
            _nextSequence = batch.FirstSequence;
        }

        foreach (var waiter in late)
            waiter.Complete(error);
    }
}
