using Microsoft.Extensions.Logging;

namespace Gateway.Metering;

/// <summary>Forces spool segments to the disk in the background, only while there is something new.</summary>
internal sealed class SpoolFlusher : IAsyncDisposable
{
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _flushing = new();
    private readonly Lock _gate = new();
    private readonly List<ISpoolFile> _retired = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private ISpoolFile? _current;
    private volatile Exception? _failure;

    public SpoolFlusher(TimeSpan interval, TimeProvider time, ILogger logger)
    {
        _interval = interval;
        _time = time;
        _logger = logger;
        _loop = RunAsync();
    }

    /// <summary>Raised by the writer after it wrote.</summary>
    public AsyncSignal Dirty { get; } = new();

    /// <summary>From now on this file is written; the one before is closed when nobody flushes it any more.</summary>
    public void Follow(ISpoolFile file)
    {
        lock (_gate)
        {
            if (_current is not null)
                _retired.Add(_current);
            _current = file;
        }

        Dirty.Raise();
    }

    /// <summary>Flushes now.</summary>
    /// <exception cref="LedgerUnavailableException">The disk refuses.</exception>
    public void FlushNow()
    {
        if (TryFlush() is { } failure)
            throw new LedgerUnavailableException("The ledger cannot be flushed.", failure);
    }

    /// <summary>Keeps the promise of the interval: while flushing fails, nothing more is accepted.</summary>
    /// <exception cref="LedgerUnavailableException">The last flush failed, and one more try as well.</exception>
    public void ThrowIfFailing()
    {
        if (_failure is not null)
            FlushNow();
    }

    /// <summary>Stops, flushes a last time and closes what is retired; the current file stays its owner's.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        TryFlush();
        foreach (var file in _retired)
            file.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var delay = new AsyncSignal();
        try
        {
            while (true)
            {
                await Dirty.WaitAsync(_stop.Token).ConfigureAwait(false);
                await delay.WaitAsync(_interval, _time, _stop.Token).ConfigureAwait(false);
                delay.Lower();
                Dirty.Lower();
                if (TryFlush() is not null)
                    Dirty.Raise();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private Exception? TryFlush()
    {
        lock (_flushing)
        {
            try
            {
                FlushFiles();
                if (_failure is not null)
                    LedgerLog.FlushRecovered(_logger);
                return _failure = null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (_failure is null)
                    LedgerLog.FlushFailed(_logger, e);
                return _failure = e;
            }
        }
    }

    private void FlushFiles()
    {
        ISpoolFile[] retired;
        ISpoolFile? current;
        lock (_gate)
        {
            retired = [.. _retired];
            current = _current;
        }

        foreach (var file in retired)
        {
            file.Flush();
            lock (_gate)
            {
                _retired.Remove(file);
            }

            file.Dispose();
        }

        current?.Flush();
    }
}
