using System.Threading.Channels;
using Gateway.Events;
using Gateway.State.Journal;
using Microsoft.Extensions.Logging;

namespace Gateway.Audit;

/// <summary>
/// The audit log over a journal. A background loop records counted refusals and publishes anchors to <see cref="Topics.AuditAnchors"/>; disposing does both
/// once more. Others may append to the same journal: their records are anchored too.
/// </summary>
internal sealed partial class AuditLog : IAuditLog, IAsyncDisposable
{
    /// <summary>The journal's name in the state store.</summary>
    public const string JournalName = "audit";

    private readonly StateJournal _journal;
    private readonly IEventBus _bus;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly AuditOptions _options;
    private readonly DeniedCounts _denied;
    private readonly SemaphoreSlim _appending = new(1, 1);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ITimer _timer;
    private readonly Task _loop;
    private JournalRecord? _last;
    private bool _knowsLast;
    private long _anchored;
    private DateTimeOffset _anchoredAt;
    private int _disposed;

    /// <summary>Begins the background loop; reads nothing yet.</summary>
    public AuditLog(StateJournal journal, IEventBus bus, TimeProvider time, ILogger logger, AuditOptions? options = null)
    {
        (_journal, _bus, _time, _logger, _options) = (journal, bus, time, logger, options ?? new AuditOptions());
        _denied = new DeniedCounts(_options.MostDenied);
        _anchoredAt = time.GetUtcNow();
        _timer = time.CreateTimer(_ => _wake.Writer.TryWrite(true), null, _options.Interval, _options.Interval);
        _loop = RunAsync();
    }

    /// <inheritdoc/>
    public async Task AppendAsync(AuditEvent happened, CancellationToken cancellation = default)
    {
        var body = AuditBody.Write(happened);
        await _appending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await CatchUpAsync(cancellation).ConfigureAwait(false);
            // Every lost race is a record that someone else has won, so this ends.
            JournalRecord? record;
            while ((record = await _journal.TryAppendAsync(_last, happened.Action, body, cancellation).ConfigureAwait(false)) is null)
                await ReadOnAsync(cancellation).ConfigureAwait(false);
            _last = record;
            if (record.Sequence - Volatile.Read(ref _anchored) >= _options.AnchorRecords)
                _wake.Writer.TryWrite(true);
        }
        catch (InvalidDataException e)
        {
            throw new IOException("The audit log is broken, so nothing can be recorded: " + e.Message, e);
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <inheritdoc/>
    public void Denied(string actor, string code, string subject) => _denied.Add(actor, code, subject);

    /// <summary>Ends the loop, records what was counted and anchors the last head.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _timer.DisposeAsync().ConfigureAwait(false);
        _wake.Writer.Complete();
        await _loop.ConfigureAwait(false);
        await RecordDeniedAsync().ConfigureAwait(false);
        await AnchorAsync(always: true).ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        await foreach (var _ in _wake.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await RecordDeniedAsync().ConfigureAwait(false);
            await AnchorAsync(always: false).ConfigureAwait(false);
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellation)
    {
        if (_knowsLast)
            return;
        _last = await _journal.ReadLastAsync(cancellation).ConfigureAwait(false);
        _knowsLast = true;
    }

    private async Task ReadOnAsync(CancellationToken cancellation)
    {
        const int Page = 64;
        IReadOnlyList<JournalRecord> more;
        do
        {
            more = await _journal.ReadAsync(_last?.Sequence ?? 0, Page, cancellation).ConfigureAwait(false);
            if (more.Count > 0)
                _last = more[^1];
        }
        while (more.Count == Page);
    }

    private async Task RecordDeniedAsync()
    {
        var counts = _denied.Take();
        var failed = 0L;
        foreach (var ((actor, code, subject), count) in counts)
        {
            // Once the store is away each further try would only wait for it again.
            if (failed > 0 || !await TryRecordAsync(AuditBody.Denied(actor, code, subject, count)).ConfigureAwait(false))
            {
                failed += count;
                _denied.Add(actor, code, subject, count);
            }
        }

        if (failed > 0)
            LogNotRecorded(failed);
    }

    private async Task<bool> TryRecordAsync(AuditEvent denied)
    {
        try
        {
            await AppendAsync(denied).ConfigureAwait(false);
            return true;
        }
        catch (IOException e)
        {
            LogNotAppended(e);
            return false;
        }
    }

    private async Task AnchorAsync(bool always)
    {
        try
        {
            if (await ReadHeadAsync().ConfigureAwait(false) is not { } head || head.Sequence <= _anchored)
                return;
            var now = _time.GetUtcNow();
            if (!always && head.Sequence - _anchored < _options.AnchorRecords && now - _anchoredAt < _options.AnchorInterval)
                return;
            await _bus.PublishAsync(Topics.AuditAnchors, [AuditAnchor.Of(head).ToEvent()]).ConfigureAwait(false);
            Volatile.Write(ref _anchored, head.Sequence);
            _anchoredAt = now;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            LogNotAnchored(e);
        }
    }

    private async Task<JournalRecord?> ReadHeadAsync()
    {
        await _appending.WaitAsync().ConfigureAwait(false);
        try
        {
            await CatchUpAsync(CancellationToken.None).ConfigureAwait(false);
            await ReadOnAsync(CancellationToken.None).ConfigureAwait(false);
            return _last;
        }
        finally
        {
            _appending.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} counted refusals could not be recorded in the audit log; they are kept and tried again while the gateway runs.")]
    private partial void LogNotRecorded(long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit log did not take a record.")]
    private partial void LogNotAppended(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No anchor of the audit log could be published.")]
    private partial void LogNotAnchored(Exception e);
}
