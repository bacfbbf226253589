using System.Collections.Concurrent;

namespace Gateway.Providers.Credentials;

/// <summary>
/// What is going on with one of a provider's keys, live: one for each key in the process, whatever snapshots use it. A key rests that was refused,
/// is used up or is limited; others of its set are then chosen. Safe for any number of threads; nothing here waits.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class KeyState(TimeProvider time)
{
    private long _until;
    private ConcurrentDictionary<string, long>? _models; // made when the first model is limited; there are no more than the provider has

    /// <summary>Lets the key rest.</summary>
    /// <param name="rest">How long.</param>
    /// <param name="model">For which model; null: for all.</param>
    public void Rest(TimeSpan rest, string? model = null)
    {
        var until = time.GetTimestamp() + (long)(rest.TotalSeconds * time.TimestampFrequency);
        if (model is null)
            Volatile.Write(ref _until, until);
        else
            LazyInitializer.EnsureInitialized(ref _models, static () => new(StringComparer.Ordinal))[model] = until;
    }

    /// <summary>How long it still rests; zero when it does not. Allocates nothing.</summary>
    /// <param name="model">For which model.</param>
    public TimeSpan RestOf(string model)
    {
        var until = Volatile.Read(ref _until);
        if (Volatile.Read(ref _models) is { } models && models.TryGetValue(model, out var own))
            until = Math.Max(until, own);
        if (until == 0)
            return TimeSpan.Zero;
        var now = time.GetTimestamp();
        return until > now ? time.GetElapsedTime(now, until) : TimeSpan.Zero;
    }
}
