using System.Data.Common;
using Gateway.Events;
using Gateway.Metering;
using Gateway.State;
using Microsoft.Extensions.Logging;

namespace Gateway.Jobs.Usage;

/// <summary>
/// Publishes this replica's ledger to <see cref="Topics.Usage"/>, in the order of its sequence and at least once: the ledger remembers how far it got. While the
/// bus is away entries wait in the ledger, which has no bound but the disk.
/// </summary>
/// <param name="ledger">The ledger.</param>
/// <param name="outbox">The ledger as a list of what is still to be published.</param>
/// <param name="bus">The bus.</param>
/// <param name="store">Where it is written down how far the replica has published.</param>
/// <param name="here">
/// Who sums up, where the bus ends in this process and keeps nothing: batches are handed over as they are, which costs a fraction of publishing them. Null: they
/// are published, and the bus has them once it took them.
/// </param>
/// <param name="time">The clock.</param>
/// <param name="logger">Says when the bus is away and when it is back.</param>
/// <param name="options">How it runs; null: the defaults.</param>
internal sealed partial class UsagePublisher(
    Ledger ledger, UsageOutbox outbox, IEventBus bus, IStateStore store, UsageConsumer? here, TimeProvider time, ILogger<UsagePublisher> logger,
    UsagePublisherOptions? options = null) : IAsyncDisposable
{
    private const int MostHandedOver = 5_000;

    private readonly UsagePublisherOptions _options = options ?? new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private long _published;
    private long _oldestTicks;
    private int _failures;
    private (DateTimeOffset Time, long Sequence)? _look;
    private DateTimeOffset _completeAt;
    private PublishedMark? _marked;
    private DateTimeOffset _markedAt;
    private bool _stopped;

    /// <summary>Entries of this replica that are written and not published.</summary>
    public long LagEntries => Math.Max(0, ledger.LastSequence - Volatile.Read(ref _published));

    /// <summary>How long the oldest entry that could not be published has been waiting; zero when nothing is held up.</summary>
    public TimeSpan Lag => Interlocked.Read(ref _oldestTicks) is > 0 and var ticks ? Later(time.GetUtcNow().UtcTicks - ticks) : TimeSpan.Zero;

    /// <summary>Why the last try failed; null: it did not.</summary>
    public string? Fault { get; private set; }

    /// <summary>Begins.</summary>
    public void Start() => _loop = RunAsync();

    /// <summary>Publishes all there is. For <see cref="Start"/>'s loop and for tests: not at the same time.</summary>
    /// <exception cref="IOException">The bus or the ledger is away.</exception>
    public async Task PublishAsync(CancellationToken cancellation)
    {
        // What is there now will have been published when the ledger's mark has come to it.
        _look ??= (time.GetUtcNow(), ledger.LastSequence);
        foreach (var replica in outbox.Replicas())
            await PublishAsync(replica, cancellation).ConfigureAwait(false);
        Interlocked.Exchange(ref _oldestTicks, 0);
        if (_look is { } look && Volatile.Read(ref _published) >= look.Sequence)
            (_completeAt, _look) = (look.Time, null);
        await MarkAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends. What has not been published stays in the ledger for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, true))
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_failures == 0 ? _options.Interval : Backoff(), time, _stopping.Token).ConfigureAwait(false);
                await TryPublishAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task TryPublishAsync(CancellationToken cancellation)
    {
        try
        {
            await PublishAsync(cancellation).ConfigureAwait(false);
            if (_failures > 0)
                LogBack();
            (_failures, Fault) = (0, null);
        }
        catch (Exception e) when (e is IOException or DbException or InvalidDataException or TimeoutException)
        {
            if (_failures++ == 0)
                LogAway(e);
            Fault = e.Message;
        }
    }

    private async Task PublishAsync(OutboxReplica replica, CancellationToken cancellation)
    {
        while (true)
        {
            if (replica.Replica == ledger.Replica)
                Volatile.Write(ref _published, replica.Published);
            if (outbox.Oldest(replica) is not { } written)
                return;
            Interlocked.Exchange(ref _oldestTicks, written.UtcTicks);
            var last = await SendAsync(replica, cancellation).ConfigureAwait(false);
            outbox.Mark(replica.Replica, last);
            replica = replica with { Published = last };
        }
    }

    /// <returns>The sequence up to which it was sent.</returns>
    private async Task<long> SendAsync(OutboxReplica replica, CancellationToken cancellation)
    {
        if (here is null)
        {
            var (json, batch) = UsageJson.Write(replica.Replica, outbox.Unpublished(replica, UsageBatch.MaxEntries));
            await bus.PublishAsync(Topics.Usage, [new BusEvent(batch.Id, UsageBatch.EventType, json)], cancellation).ConfigureAwait(false);
            return batch.Last;
        }

        var recent = replica.Replica == ledger.Replica ? ledger.Recent.After(replica.Published, MostHandedOver) : null;
        if ((recent ?? outbox.Summed(replica, MostHandedOver)) is { } sums && await here.TryApplyAsync(sums, cancellation).ConfigureAwait(false))
            return sums.Last;
        // An earlier life got into the middle of this batch.
        var entries = outbox.Unpublished(replica, MostHandedOver);
        await here.ApplyAsync(new UsageBatch(replica.Replica, entries[0].Sequence, entries[^1].Sequence, entries), cancellation).ConfigureAwait(false);
        return entries[^1].Sequence;
    }

    /// <summary>Writes down how far this replica got. It is news for jobs: a store that is away holds nothing up.</summary>
    private async Task MarkAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var mark = new PublishedMark(Volatile.Read(ref _published), _completeAt);
        if (mark.CompleteAt == default || mark == _marked || now - _markedAt < _options.MarkInterval)
            return;
        try
        {
            await store.SetAsync(RollupKeys.Published(ledger.Replica), StateValues.Write(mark, JobsJson.Default.PublishedMark), null, cancellation).ConfigureAwait(false);
            (_marked, _markedAt) = (mark, now);
        }
        catch (StateUnavailableException e)
        {
            LogNotMarked(e.Message);
        }
    }

    private TimeSpan Backoff()
    {
        var wait = _options.FirstBackoff * Math.Pow(2, Math.Min(_failures - 1, 20));
        return wait < _options.LongestBackoff ? wait : _options.LongestBackoff;
    }

    private static TimeSpan Later(long ticks) => TimeSpan.FromTicks(Math.Max(0, ticks));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Usage can't be published; it stays in the ledger and is tried again")]
    private partial void LogAway(Exception e);

    [LoggerMessage(Level = LogLevel.Information, Message = "Usage is published again")]
    private partial void LogBack();

    [LoggerMessage(Level = LogLevel.Debug, Message = "How far usage is published could not be written down: {Reason}")]
    private partial void LogNotMarked(string reason);
}
