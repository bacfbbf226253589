using System.Globalization;
using Dapr.Client;
using Grpc.Core;

namespace Gateway.State.Dapr;

/// <summary>
/// State in a Dapr state component. Every write asks for first-write: stores differ in what a write without an ETag does to a value that was
/// written with one, so none of it is left to them.
/// </summary>
/// <param name="client">The sidecar.</param>
/// <param name="options">Component and time limits.</param>
/// <param name="time">The clock of time limits.</param>
internal sealed class DaprStateStore(DaprClient client, DaprStateOptions options, TimeProvider time) : IStateStore
{
    // So many writers in a row can come between a read and its write before the store is called unavailable.
    private const int Tries = 8;
    private const int ReadsAtOnce = 16;

    private static readonly StateOptions FirstWrite = new() { Concurrency = ConcurrencyMode.FirstWrite, Consistency = ConsistencyMode.Strong };

    private static readonly Dictionary<string, string> Json = new() { ["contentType"] = "application/json" };

    private readonly DaprStateCalls _calls = new(options, time);

    /// <summary>Whether the last call was answered.</summary>
    public bool IsAvailable => _calls.IsAvailable;

    /// <summary>Calls that failed so far.</summary>
    public long Failures => _calls.Failures;

    public async ValueTask<StateItem?> GetAsync(string key, CancellationToken cancellation = default)
    {
        StateKeys.Check(key);
        return await ReadAsync(key, cancellation).ConfigureAwait(false) is { } found && !Tombstone.Is(found.Value) ? found : null;
    }

    public async ValueTask<IReadOnlyList<StateItem?>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellation = default)
    {
        // Single reads at once, not Dapr's bulk read: that one is made of single reads as well, and its client drops the error of a key that could not be read.
        var items = new StateItem?[keys.Count];
        for (var start = 0; start < items.Length; start += ReadsAtOnce)
        {
            var reads = Enumerable.Range(start, Math.Min(ReadsAtOnce, items.Length - start)).Select(i => GetAsync(keys[i], cancellation).AsTask());
            (await Task.WhenAll(reads).ConfigureAwait(false)).CopyTo(items, start);
        }

        return items;
    }

    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null, CancellationToken cancellation = default)
    {
        Check(key, timeToLive);
        for (var i = 0; i < Tries; i++)
        {
            var found = await ReadAsync(key, cancellation).ConfigureAwait(false);
            if (await SaveAsync(key, value, found?.ETag, timeToLive, cancellation).ConfigureAwait(false))
                return;
        }

        throw Contended(key);
    }

    public async ValueTask<bool> TrySetAsync(
        string key, ReadOnlyMemory<byte> value, string? etag, TimeSpan? timeToLive = null, CancellationToken cancellation = default)
    {
        Check(key, timeToLive);

        // What is there is looked at first: Redis takes any ETag for a key that has expired, and lets a first write pass over a value that a
        // transaction has made.
        var found = await ReadAsync(key, cancellation).ConfigureAwait(false);
        var expected = found is null || Tombstone.Is(found.Value) ? null : found.ETag;
        return expected == etag && await SaveAsync(key, value, found?.ETag, timeToLive, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<bool> TryDeleteAsync(string key, string? etag, CancellationToken cancellation = default)
    {
        StateKeys.Check(key);
        for (var i = 0; i < Tries; i++)
        {
            var found = await ReadAsync(key, cancellation).ConfigureAwait(false);
            if (found is null || Tombstone.Is(found.Value))
                return etag is null;
            if (etag is not null && found.ETag != etag)
                return false;
            if (await SaveAsync(key, Tombstone.Value, found.ETag, Tombstone.TimeToLive, cancellation).ConfigureAwait(false))
                return true;
        }

        throw Contended(key);
    }

    public async ValueTask<bool> TryTransactAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation = default)
    {
        foreach (var change in changes)
            Check(change.Key, change.TimeToLive);
        if (changes.Count == 0)
            return true;
        for (var i = 0; i < Tries; i++)
        {
            var etags = await ETagsAsync(changes, static change => change.ETag, cancellation).ConfigureAwait(false);
            try
            {
                await TransactAsync(changes, etags, cancellation).ConfigureAwait(false);
                return true;
            }
            catch (Exception e) when (e is StateConflictException || IsRefusal(e))
            {
                // A transaction's conflict comes without a code of its own, so who conflicted is found by reading.
                var now = await ETagsAsync(changes, static _ => null, cancellation).ConfigureAwait(false);
                if (changes.Where((change, at) => change.ETag is not null && now[at] != change.ETag).Any())
                    return false;
                if (e is StateUnavailableException && now.SequenceEqual(etags))
                    throw;
            }
        }

        throw Contended(changes[0].Key);
    }

    private Task<StateItem?> ReadAsync(string key, CancellationToken cancellation) => _calls.RunAsync(
        async limit =>
        {
            var (value, etag) = await client.GetByteStateAndETagAsync(options.Component, key, ConsistencyMode.Strong, Json, limit).ConfigureAwait(false);
            return value.IsEmpty && string.IsNullOrEmpty(etag) ? null : new StateItem(key, value, etag);
        },
        cancellation);

    /// <summary>Writes over the value with this ETag; null: only where there is none.</summary>
    private async Task<bool> SaveAsync(string key, ReadOnlyMemory<byte> value, string? etag, TimeSpan? timeToLive, CancellationToken cancellation)
    {
        var metadata = Metadata(timeToLive);
        try
        {
            if (etag is not null)
                return await _calls.RunAsync(limit => client.TrySaveByteStateAsync(options.Component, key, value, etag, FirstWrite, metadata, limit), cancellation).ConfigureAwait(false);
            return await _calls.RunAsync(
                async limit =>
                {
                    await client.SaveByteStateAsync(options.Component, key, value, FirstWrite, metadata, limit).ConfigureAwait(false);
                    return true;
                },
                cancellation,
                mayBeConflict: true).ConfigureAwait(false);
        }
        catch (StateConflictException)
        {
            return false;
        }
        catch (StateUnavailableException e) when (etag is null && IsRefusal(e))
        {
            // Redis calls it a failure, not a conflict, where no ETag was sent. A value like ours may be ours.
            if (await ReadAsync(key, cancellation).ConfigureAwait(false) is { } found && !found.Value.Span.SequenceEqual(value.Span))
                return false;
            throw;
        }
    }

    private Task<bool> TransactAsync(IReadOnlyList<StateChange> changes, string?[] etags, CancellationToken cancellation)
    {
        var requests = changes.Select((change, i) => new StateTransactionRequest(
            change.Key,
            (change.Value ?? Tombstone.Value).ToArray(),
            StateOperationType.Upsert,
            etags[i],
            Metadata(change.Value is null ? Tombstone.TimeToLive : change.TimeToLive),
            FirstWrite)).ToList();
        return _calls.RunAsync(
            async limit =>
            {
                await client.ExecuteStateTransactionAsync(options.Component, requests, Json, limit).ConfigureAwait(false);
                return true;
            },
            cancellation,
            mayBeConflict: true);
    }

    /// <summary>For each change its own ETag where it has one, otherwise that of what is there; null where there is nothing.</summary>
    private async Task<string?[]> ETagsAsync(IReadOnlyList<StateChange> changes, Func<StateChange, string?> known, CancellationToken cancellation)
    {
        var etags = new string?[changes.Count];
        for (var i = 0; i < etags.Length; i++)
            etags[i] = known(changes[i]) ?? (await ReadAsync(changes[i].Key, cancellation).ConfigureAwait(false))?.ETag;
        return etags;
    }

    private static bool IsRefusal(Exception e) => e is StateUnavailableException && DaprStateCalls.IsRefusal(e.InnerException as RpcException);

    // -1 is "for ever": without it Redis lets a value keep the time to live of the one before.
    private static Dictionary<string, string> Metadata(TimeSpan? timeToLive) => new(Json)
    {
        ["ttlInSeconds"] = timeToLive is { } span ? ((long)span.TotalSeconds).ToString(CultureInfo.InvariantCulture) : "-1",
    };

    private static void Check(string key, TimeSpan? timeToLive)
    {
        StateKeys.Check(key);
        StateKeys.CheckTimeToLive(timeToLive);
    }

    private static StateUnavailableException Contended(string key) => new($"Others wrote '{key}' {Tries} times while it was to be written.");
}
