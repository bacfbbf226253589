using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using System.Text.Json;

namespace Gateway.Metering;

/// <summary>
/// Carries entries from the spool into the store, in the background and in batches. It reads them back from the spool, so lagging costs
/// no memory, and entries left by a crashed process take the same way as fresh ones. The high-water mark moves in the transaction that
/// inserts, so an entry is applied once whatever happens between.
/// </summary>
internal sealed class LedgerApplier : IAsyncDisposable
{
    private const int BatchEntries = 2_000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly LedgerSpool _spool;
    private readonly LedgerInserter _inserter;
    private readonly SpoolReader _reader;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly AsyncSignal _hurry = new();
    private readonly Lock _gate = new();
    private readonly List<(long Sequence, TaskCompletionSource Done)> _readers = [];
    private readonly Task _loop;
    private long _applied;
    private bool _failing;

    public LedgerApplier(LedgerSpool spool, LedgerInserter inserter, long applied, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        _spool = spool;
        _inserter = inserter;
        _reader = new SpoolReader(spool, applied);
        _applied = applied;
        _interval = interval;
        _time = time;
        _logger = logger;
        if (spool.LastSequence > applied)
            spool.Appended.Raise();
        _loop = RunAsync();
    }

    /// <summary>The last sequence in the store.</summary>
    public long Applied => Volatile.Read(ref _applied);

    /// <summary>Completes when the store holds this sequence and all before it.</summary>
    /// <exception cref="LedgerUnavailableException">Applying failed; it goes on being tried.</exception>
    public Task WaitAsync(long sequence, CancellationToken cancellation)
    {
        TaskCompletionSource done;
        lock (_gate)
        {
            if (sequence <= _applied)
                return Task.CompletedTask;
            done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _readers.Add((sequence, done));
        }

        _hurry.Raise();
        return done.Task.WaitAsync(cancellation);
    }

    /// <summary>Stops after the batch in hand; what is not applied stays in the spool.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        Release(new LedgerUnavailableException("The ledger is closed.", new OperationCanceledException()));
        _reader.Dispose();
        _inserter.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _spool.Appended.WaitAsync(_stop.Token).ConfigureAwait(false);
                await _hurry.WaitAsync(_failing ? RetryDelay : _interval, _time, _stop.Token).ConfigureAwait(false);
                _hurry.Lower();
                _spool.Appended.Lower();
                ApplyAll();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private void ApplyAll()
    {
        try
        {
            while (!_stop.IsCancellationRequested && ApplyBatch())
            {
                DeleteSegments();
                Release(null);
            }

            if (_failing)
                LedgerLog.ApplyRecovered(_logger);
            _failing = false;
        }
        catch (Exception e) when (e is SqliteException or IOException or LedgerCorruptException or InvalidOperationException or JsonException or OverflowException)
        {
            if (!_failing)
                LedgerLog.ApplyFailed(_logger, _applied, e);
            _failing = true;
            Undo();
            Release(new LedgerUnavailableException("The ledger store cannot be written.", e));
            _spool.Appended.Raise();
        }
    }

    private bool ApplyBatch()
    {
        if (!_reader.TryRead(out var json))
            return false;
        _inserter.Begin();
        var count = 0;
        do
            _inserter.Insert(_reader.NextSequence - 1, json);
        while (++count < BatchEntries && _reader.TryRead(out json));
        _inserter.Commit(_applied, _reader.NextSequence - 1);
        lock (_gate)
        {
            Volatile.Write(ref _applied, _reader.NextSequence - 1);
        }

        return true;
    }

    /// <summary>A committed batch is in the write-ahead log but maybe not on the disk: only a checkpoint makes its segments superfluous.</summary>
    private void DeleteSegments()
    {
        if (_spool.HasDeletable(_applied) && _inserter.Checkpoint())
            _spool.DeleteApplied(_applied);
    }

    private void Undo()
    {
        _reader.Restart(_applied);
        try
        {
            _inserter.Rollback();
        }
        catch (SqliteException e)
        {
            LedgerLog.ApplyFailed(_logger, _applied, e);
        }
    }

    private void Release(LedgerUnavailableException? error)
    {
        List<TaskCompletionSource> done = [];
        lock (_gate)
        {
            for (var i = _readers.Count - 1; i >= 0; i--)
            {
                if (error is null && _readers[i].Sequence > _applied)
                    continue;
                done.Add(_readers[i].Done);
                _readers.RemoveAt(i);
            }
        }

        foreach (var reader in done)
        {
            if (error is null)
                reader.TrySetResult();
            else
                reader.TrySetException(error);
        }
    }
}
