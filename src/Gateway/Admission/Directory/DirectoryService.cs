using Gateway.State;
using Gateway.State.Journal;
using Microsoft.Extensions.Logging;

namespace Gateway.Admission.Directory;

/// <summary>
/// The directory as the fold of a journal. Changes are decided on the newest state and appended right after it, so that two replicas never
/// decide on the same state; the others find them by looking for the next record once a second. While the journal can't be read the last
/// known state serves on.
/// </summary>
internal sealed partial class DirectoryService : IDirectory, IAsyncDisposable
{
    /// <summary>Records between two snapshots.</summary>
    public const int SnapshotEvery = 256;

    private const int Page = 256;
    private const int Attempts = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IJournal _journal;
    private readonly IEntityFormat _format;
    private readonly DirectorySnapshotStore _snapshots;
    private readonly TimeProvider _time;
    private readonly ILogger<DirectoryService> _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly DirectoryFold _fold = new();
    // Files are taken up without waiting for whoever waits for the store.
    private readonly Lock _publishing = new();
    private IReadOnlyList<EntityRecord> _declared = [];
    private IReadOnlyList<EntityRecord> _stored = [];
    private long _version;
    private volatile DirectorySnapshot _current = DirectorySnapshot.Merge(0, [], []);
    private volatile DirectoryHealth _health = new(null, null, false);
    private volatile IReadOnlyList<string> _problems = [];
    private Task _polling = Task.CompletedTask;
    private bool _isRestored;
    private long _snapshotted;
    private int _disposed;

    /// <summary>A directory that knows nothing yet; call <see cref="Declare"/> and <see cref="StartAsync"/>.</summary>
    public DirectoryService(IJournal journal, IStateStore store, IEntityFormat format, TimeProvider time, ILogger<DirectoryService> logger)
    {
        (_journal, _format, _time, _logger) = (journal, format, time, logger);
        _snapshots = new DirectorySnapshotStore(store, format);
    }

    /// <inheritdoc/>
    public event Action<DirectorySnapshot>? Changed;

    /// <inheritdoc/>
    public DirectorySnapshot Current => _current;

    /// <summary>How far <see cref="Current"/> can be trusted to be the newest.</summary>
    public DirectoryHealth Health => _health;

    /// <summary>What is wrong between files and journal: ids that both have, and entities whose level above is gone. The file counts, and what hangs in the air is refused.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Reads the journal and begins to follow it. A store that is away does not fail the start: it is read when it is back.</summary>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        await NudgeAsync(cancellation).ConfigureAwait(false);
        _polling = PollAsync(_stopping.Token);
    }

    /// <summary>Lays what files declare over what the journal has, instead of what was declared before.</summary>
    public void Declare(IReadOnlyList<EntityRecord> declared)
    {
        lock (_publishing)
        {
            _declared = declared;
            Merge();
        }
    }

    /// <summary>What <see cref="Problems"/> would be with other declarations.</summary>
    public IReadOnlyList<string> ProblemsWith(IReadOnlyList<EntityRecord> declared)
    {
        lock (_publishing)
            return DirectoryProblems.Find(_stored, declared);
    }

    /// <summary>Looks for new records now: after a hint that there are some. Never fails; see <see cref="Health"/>.</summary>
    public async Task NudgeAsync(CancellationToken cancellation = default)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await CatchUpAsync(cancellation).ConfigureAwait(false);
            if (_fold.Sequence - _snapshotted >= 2 * SnapshotEvery)
                await SaveSnapshotAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // Kept in Health and logged where it was found.
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<DirectoryResult> ChangeAsync(DirectoryChange change, CancellationToken cancellation = default)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                await CatchUpAsync(cancellation).ConfigureAwait(false);
                var (result, record) = Decision().Decide(change);
                if (record is null || change.DryRun)
                    return result;
                if (await _journal.TryAppendAsync(_fold.Last, ChangeRecord.Kind, record.Write(_format), cancellation).ConfigureAwait(false) is not { } appended)
                    continue;
                _fold.Apply(appended, _format);
                Publish();
                if (_fold.Sequence - _snapshotted >= SnapshotEvery)
                    await SaveSnapshotAsync(cancellation).ConfigureAwait(false);
                var entity = record.Value is null ? null : _fold.Entities[(change.Kind, change.Id)];
                return result with { Entity = entity };
            }

            throw new IOException($"Other replicas changed the directory {Attempts} times in the meantime; try again.");
        }
        catch (InvalidDataException e)
        {
            throw new IOException("The journal of the directory is broken; nothing can be changed until it is mended.", e);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The container disposes it once for each service that it stands for.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _polling.ConfigureAwait(false);
        _stopping.Dispose();
        _gate.Dispose();
    }

    private async Task PollAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
                await LookAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        try
        {
            await NudgeAsync(stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A fault of ours, or of who follows the directory: the next look must come all the same.
            LogLookFailed(e);
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellation)
    {
        try
        {
            if (!_isRestored)
                await RestoreAsync(cancellation).ConfigureAwait(false);
            IReadOnlyList<JournalRecord> records;
            do
            {
                records = await _journal.ReadAsync(_fold.Sequence, Page, cancellation).ConfigureAwait(false);
                var hasChanged = false;
                try
                {
                    foreach (var record in records)
                        hasChanged |= _fold.Apply(record, _format);
                }
                finally
                {
                    if (hasChanged)
                        Publish();
                }
            }
            while (records.Count == Page);
            if (_health.Fault is not null)
                LogBack(_fold.Sequence);
            _health = new DirectoryHealth(_time.GetUtcNow(), null, false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            var isBroken = e is InvalidDataException;
            if (_health.Fault is null || _health.IsBroken != isBroken)
            {
                if (isBroken) LogBroken(_fold.Sequence, e);
                else LogAway(_fold.Sequence, e.Message);
            }

            _health = _health with { Fault = e.Message, IsBroken = isBroken };
            throw;
        }
    }

    private async Task RestoreAsync(CancellationToken cancellation)
    {
        if (await _snapshots.LoadAsync(cancellation).ConfigureAwait(false) is { } snapshot)
        {
            // The journal vouches for the snapshot: its record must still be the one that the snapshot ends with.
            var records = await _journal.ReadAsync(snapshot.Sequence - 1, 1, cancellation).ConfigureAwait(false);
            if (records.Count != 1 || records[0].Sequence != snapshot.Sequence || !records[0].Hash.AsSpan().SequenceEqual(snapshot.RecordHash))
                throw new InvalidDataException($"Record {snapshot.Sequence} of the journal is not the one that the directory's snapshot was made of.");
            _fold.Restore(records[0], snapshot.Entities);
            _snapshotted = snapshot.Sequence;
            Publish();
        }

        _isRestored = true;
    }

    private async Task SaveSnapshotAsync(CancellationToken cancellation)
    {
        try
        {
            _snapshotted = await _snapshots.NewestAsync(cancellation).ConfigureAwait(false);
            if (_fold.Sequence - _snapshotted < SnapshotEvery || _fold.Last is not { } last)
                return;
            await _snapshots.SaveAsync(new StoredSnapshot(last.Sequence, last.Hash, [.. _fold.Entities.Values]), cancellation).ConfigureAwait(false);
            _snapshotted = last.Sequence;
        }
        catch (IOException e)
        {
            // The change itself is kept; the next one tries again.
            LogNoSnapshot(_fold.Sequence, e.Message);
        }
    }

    private ChangeDecision Decision()
    {
        lock (_publishing)
            return new ChangeDecision(_fold, _declared, _current, _format);
    }

    private void Publish()
    {
        lock (_publishing)
        {
            (_version, _stored) = (_fold.Version, [.. _fold.Entities.Values]);
            Merge();
        }
    }

    private void Merge()
    {
        var next = DirectorySnapshot.Merge(_version, _stored, _declared);
        _problems = DirectoryProblems.Find(_stored, _declared);
        _current = next;
        Changed?.Invoke(next);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The directory can't be read after record {Sequence}; what is known serves on. {Reason}")]
    private partial void LogAway(long sequence, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The directory's journal is broken after record {Sequence}; the state before serves on, and nothing can be changed.")]
    private partial void LogBroken(long sequence, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Taking up changes of the directory failed; it is tried again.")]
    private partial void LogLookFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The directory is read again, up to record {Sequence}.")]
    private partial void LogBack(long sequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No snapshot of the directory at record {Sequence}: {Reason}")]
    private partial void LogNoSnapshot(long sequence, string reason);
}
