using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gateway.Secrets;

/// <summary>
/// The vault's secrets that the configuration names: fetched before they are needed, kept, and read again at intervals. A vault that does not answer
/// changes nothing: what it gave before stays.
/// </summary>
internal sealed partial class VaultCache : IAsyncDisposable
{
    private static readonly TimeSpan FaultyInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeastAge = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, VaultEntry> _entries = new(StringComparer.Ordinal);
    private readonly ISecretVault _vault;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Task _refreshing;
    private Task _preparing = Task.CompletedTask;
    private long _version;

    /// <summary>Begins to read again at intervals.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="interval">Between two readings of everything.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="logger">Gets what went wrong, never a secret.</param>
    public VaultCache(ISecretVault vault, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        (_vault, _interval, _time, _logger) = (vault, interval, time, logger);
        _refreshing = RefreshAsync();
    }

    /// <summary>Grows whenever a secret turned out to have changed.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What the vault gave for a name.</summary>
    /// <returns>Null when there is a secret, otherwise what is wrong.</returns>
    public string? Find(string name, out Secret? secret)
    {
        var entry = _entries.GetValueOrDefault(name);
        secret = entry?.Secret;
        return secret is not null ? null : entry?.Fault ?? $"the vault has not been asked for {name} yet";
    }

    /// <summary>The secret; null when there is none.</summary>
    public Secret? Current(string name) => _entries.GetValueOrDefault(name)?.Secret;

    /// <summary>Fetches what has not been asked for yet.</summary>
    public Task PrepareAsync(IEnumerable<string> names, CancellationToken cancellation = default) =>
        Task.WhenAll(names.Where(name => _entries.GetValueOrDefault(name)?.Secret is null).Distinct(StringComparer.Ordinal).Select(name => ReadAsync(name, cancellation)));

    /// <summary>Whether the vault did not answer for a name, and never did before.</summary>
    public bool IsAway(IEnumerable<string> names) => names.Any(name => _entries.GetValueOrDefault(name) is { Secret: null, IsAway: true });

    /// <summary>Whether every name has been asked for; if not, asking begins.</summary>
    public bool IsPrepared(IReadOnlyList<string> names)
    {
        string[] missing = [.. names.Where(name => _entries.GetValueOrDefault(name) is not { IsRead: true })];
        if (missing.Length == 0)
            return true;
        lock (_lock)
        {
            if (_preparing.IsCompleted)
                _preparing = PrepareAsync(missing, _stopping.Token);
        }

        return false;
    }

    /// <summary>Reads a secret that was refused again, unless that has just been done.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="refused">The value that was refused.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether there is another value now.</returns>
    public async ValueTask<bool> RenewAsync(string name, Secret refused, CancellationToken cancellation)
    {
        var entry = Entry(name);
        await entry.Reading.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (IsOther(entry.Secret, refused))
                return true;
            if (entry.FoundSameAt is { } at && _time.GetElapsedTime(at) < LeastAge)
                return false;
            await ReadAsync(name, entry, cancellation).ConfigureAwait(false);
            if (IsOther(entry.Secret, refused))
                return true;
            entry.FoundSameAt = _time.GetTimestamp();
            return false;
        }
        finally
        {
            entry.Reading.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_refreshing, _preparing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RefreshAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var faulty = _entries.Values.Any(e => e.Fault is not null);
            await Task.Delay(faulty && FaultyInterval < _interval ? FaultyInterval : _interval, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var name in _entries.Keys)
            {
                if (_stopping.IsCancellationRequested)
                    return;
                await ReadAsync(name, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ReadAsync(string name, CancellationToken cancellation)
    {
        var entry = Entry(name);
        await entry.Reading.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await ReadAsync(name, entry, cancellation).ConfigureAwait(false);
        }
        finally
        {
            entry.Reading.Release();
        }
    }

    private async Task ReadAsync(string name, VaultEntry entry, CancellationToken cancellation)
    {
        try
        {
            var read = await _vault.GetAsync(name, cancellation).ConfigureAwait(false);
            entry.IsAway = false;
            entry.Fault = read is null ? $"the vault has no secret '{name}'; add it, or name another one" : null;
            if (read is not null && IsOther(read, entry.Secret))
            {
                entry.Secret = new Secret(read.Reveal().Trim());
                Interlocked.Increment(ref _version);
            }
        }
        catch (IOException e)
        {
            (entry.Fault, entry.IsAway) = (e.Message, true);
        }

        entry.IsRead = true;
        if (entry.Fault is { } fault)
            LogFault(name, fault, entry.Secret is not null);
    }

    private VaultEntry Entry(string name) => _entries.GetOrAdd(name, static _ => new VaultEntry());

    private static bool IsOther(Secret? one, Secret? other) =>
        one is not null && !string.Equals(one.Reveal().Trim(), other?.Reveal(), StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The secret {Name} could not be read: {Fault}. What was read before stays in use: {IsKept}.")]
    private partial void LogFault(string name, string fault, bool isKept);
}
