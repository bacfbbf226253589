using Gateway.State;

namespace Gateway.Tests.Testing;

/// <summary>A state store in memory for tests, with scripted faults. Any number of replicas under test may share one.</summary>
/// <param name="time">The clock of times to live.</param>
/// <param name="rollsBack">False: a transaction that meets a conflict keeps what preceded it, as Redis does.</param>
internal sealed class MemoryStateStore(TimeProvider? time = null, bool rollsBack = true) : IStateStore
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private long _lastETag;
    private int _conflicts;
    private int _lostAnswers;
    private TaskCompletionSource? _hold;
    private TaskCompletionSource _held = NewSignal();
    private int _calls;
    private int _writes;
    private bool _unavailable;

    /// <summary>While true every call throws and does nothing.</summary>
    public bool Unavailable
    {
        get => Volatile.Read(ref _unavailable);
        set => Volatile.Write(ref _unavailable, value);
    }

    /// <summary>Asked once for every call with its first key, after the other faults; runs on the caller's thread.</summary>
    public Func<string, StateFault>? Faults { get; set; }

    /// <summary>Called with each written or deleted key, within the store's lock: what the store holds at every instant can be checked here.</summary>
    public Action<string>? Written { get; set; }

    /// <summary>Calls so far, also those that failed.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Calls so far that would have written.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>Lets the next conditional writes meet a conflict.</summary>
    public void ConflictNext(int count) => Interlocked.Exchange(ref _conflicts, count);

    /// <summary>Lets the next writes happen but throw.</summary>
    public void LoseAnswersOfNext(int count) => Interlocked.Exchange(ref _lostAnswers, count);

    /// <summary>Holds back every call from now on, until <see cref="Release"/> or its cancellation.</summary>
    /// <returns>Completes when a call is held.</returns>
    public Task Hold()
    {
        lock (_lock)
        {
            _hold ??= NewSignal();
            _held = NewSignal();
            return _held.Task;
        }
    }

    /// <summary>Lets held calls go on.</summary>
    public void Release()
    {
        TaskCompletionSource? hold;
        lock (_lock)
            (hold, _hold) = (_hold, null);
        hold?.SetResult();
    }

    /// <summary>The living keys, sorted.</summary>
    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_lock)
                return [.. _entries.Where(pair => pair.Value.Expires > _time.GetUtcNow()).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>A value as it is, past all faults; null: none.</summary>
    public StateItem? Peek(string key)
    {
        lock (_lock)
            return Read(key);
    }

    /// <summary>Puts a value there, past all faults; null: removes it.</summary>
    public void Poke(string key, byte[]? value)
    {
        lock (_lock)
        {
            if (value is null)
                _entries.Remove(key);
            else
                Write(key, value, null);
        }
    }

    public async ValueTask<StateItem?> GetAsync(string key, CancellationToken cancellation = default)
    {
        await EnterAsync(key, writes: false, cancellation);
        lock (_lock)
            return Read(key);
    }

    public async ValueTask<IReadOnlyList<StateItem?>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellation = default)
    {
        await EnterAsync(keys.Count > 0 ? keys[0] : "", writes: false, cancellation);
        var items = new StateItem?[keys.Count];
        for (var i = 0; i < items.Length; i++)
        {
            lock (_lock)
                items[i] = Read(keys[i]);
        }

        return items;
    }

    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null, CancellationToken cancellation = default)
    {
        Check(key, timeToLive);
        var fault = await EnterAsync(key, writes: true, cancellation);
        lock (_lock)
            Write(key, value, timeToLive);
        Leave(fault);
    }

    public async ValueTask<bool> TrySetAsync(
        string key, ReadOnlyMemory<byte> value, string? etag, TimeSpan? timeToLive = null, CancellationToken cancellation = default)
    {
        Check(key, timeToLive);
        var fault = await EnterAsync(key, writes: true, cancellation);
        if (fault == StateFault.Conflict || TakeOne(ref _conflicts))
            return false;
        bool written;
        lock (_lock)
        {
            written = Read(key)?.ETag == etag;
            if (written)
                Write(key, value, timeToLive);
        }

        Leave(fault);
        return written;
    }

    public async ValueTask<bool> TryDeleteAsync(string key, string? etag, CancellationToken cancellation = default)
    {
        Check(key, null);
        var fault = await EnterAsync(key, writes: true, cancellation);
        if (etag is not null && (fault == StateFault.Conflict || TakeOne(ref _conflicts)))
            return false;
        bool deleted;
        lock (_lock)
            deleted = Apply(new StateChange(key, null, etag));
        Leave(fault);
        return deleted;
    }

    public async ValueTask<bool> TryTransactAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation = default)
    {
        foreach (var change in changes)
            Check(change.Key, change.TimeToLive);
        var fault = await EnterAsync(changes.Count > 0 ? changes[0].Key : "", writes: true, cancellation);
        if (fault == StateFault.Conflict || TakeOne(ref _conflicts))
            return false;
        var done = true;
        lock (_lock)
        {
            if (!rollsBack || changes.All(change => change.ETag is null || Read(change.Key)?.ETag == change.ETag))
            {
                foreach (var change in changes)
                    done &= Apply(change);
            }
            else
            {
                done = false;
            }
        }

        Leave(fault);
        return done;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static bool TakeOne(ref int left)
    {
        var now = Volatile.Read(ref left);
        while (now > 0)
        {
            var seen = Interlocked.CompareExchange(ref left, now - 1, now);
            if (seen == now)
                return true;
            now = seen;
        }

        return false;
    }

    private static void Check(string key, TimeSpan? timeToLive)
    {
        StateKeys.Check(key);
        StateKeys.CheckTimeToLive(timeToLive);
    }

    private async ValueTask<StateFault> EnterAsync(string key, bool writes, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _calls);
        if (writes)
            Interlocked.Increment(ref _writes);
        cancellation.ThrowIfCancellationRequested();
        Task? hold = null;
        lock (_lock)
        {
            if (_hold is not null)
            {
                hold = _hold.Task;
                _held.TrySetResult();
            }
        }

        if (hold is not null)
            await hold.WaitAsync(cancellation);
        if (Unavailable)
            throw new StateUnavailableException("The scripted store is away.");
        var fault = Faults?.Invoke(key) ?? StateFault.None;
        if (fault == StateFault.Unavailable || (fault == StateFault.LostAnswer && !writes))
            throw new StateUnavailableException("The scripted store is away for one call.");
        return writes && fault == StateFault.None && TakeOne(ref _lostAnswers) ? StateFault.LostAnswer : fault;
    }

    private static void Leave(StateFault fault)
    {
        if (fault == StateFault.LostAnswer)
            throw new StateUnavailableException("The scripted store did it, but its answer is lost.");
    }

    private StateItem? Read(string key) =>
        _entries.TryGetValue(key, out var entry) && entry.Expires > _time.GetUtcNow() ? new StateItem(key, entry.Value, entry.ETag) : null;

    private bool Apply(StateChange change)
    {
        if (change.ETag is not null && Read(change.Key)?.ETag != change.ETag)
            return false;
        if (change.Value is { } value)
            Write(change.Key, value, change.TimeToLive);
        else if (_entries.Remove(change.Key))
            Written?.Invoke(change.Key);
        return true;
    }

    private void Write(string key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive)
    {
        var expires = timeToLive is { } span ? _time.GetUtcNow() + span : DateTimeOffset.MaxValue;
        _entries[key] = new Entry(value.ToArray(), $"m{++_lastETag}", expires);
        Written?.Invoke(key);
    }

    private sealed record Entry(byte[] Value, string ETag, DateTimeOffset Expires);
}
