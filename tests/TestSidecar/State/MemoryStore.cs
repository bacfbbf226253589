using System.Globalization;

namespace TestSidecar.State;

/// <summary>A strict store over memory: transactions are all or nothing, an ETag never comes twice.</summary>
/// <param name="time">The clock of times to live.</param>
internal sealed class MemoryStore(TimeProvider time) : ISidecarStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private long _version;

    public Task<StoredValue?> GetAsync(string key)
    {
        lock (_lock)
            return Task.FromResult(Find(key) is { } entry ? new StoredValue(entry.Data, Text(entry.Version)) : null);
    }

    public Task WriteAsync(StateWrite write) => TransactAsync([write]);

    public Task TransactAsync(IReadOnlyList<StateWrite> writes)
    {
        lock (_lock)
        {
            foreach (var write in writes)
                Check(write);
            foreach (var write in writes)
                Apply(write);
        }

        return Task.CompletedTask;
    }

    private void Check(StateWrite write)
    {
        var entry = Find(write.Key);
        if (string.IsNullOrEmpty(write.ETag))
        {
            if (write is { FirstWrite: true, Data: not null } && entry is not null)
                throw new ETagException(isInvalid: false);
            return;
        }

        if (!long.TryParse(write.ETag, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            throw new ETagException(isInvalid: true);
        if (entry?.Version != version)
            throw new ETagException(isInvalid: false);
    }

    private void Apply(StateWrite write)
    {
        if (write.Data is null)
            _entries.Remove(write.Key);
        else
            _entries[write.Key] = new Entry(write.Data, ++_version, write.TimeToLive > 0 ? time.GetUtcNow().AddSeconds(write.TimeToLive.Value) : DateTimeOffset.MaxValue);
    }

    private Entry? Find(string key)
    {
        if (!_entries.TryGetValue(key, out var entry))
            return null;
        if (entry.Expires > time.GetUtcNow())
            return entry;
        _entries.Remove(key);
        return null;
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    private sealed record Entry(byte[] Data, long Version, DateTimeOffset Expires);
}
