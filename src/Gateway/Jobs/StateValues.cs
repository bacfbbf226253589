using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.State;

namespace Gateway.Jobs;

/// <summary>Values in the state store as objects.</summary>
internal static class StateValues
{
    /// <summary>How often a write that meets a conflict is tried. Whoever was quicker got on, so there is no need to wait.</summary>
    private const int Tries = 50;

    /// <summary>How many keys are asked for at once.</summary>
    private const int KeysAtOnce = 64;

    /// <summary>A value, or null.</summary>
    /// <exception cref="IOException">The store did not answer, or the value cannot be read.</exception>
    public static async ValueTask<T?> ReadAsync<T>(this IStateStore store, string key, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class => Parse(await store.GetAsync(key, cancellation).ConfigureAwait(false), type);

    /// <summary>Values in the order of their keys.</summary>
    /// <exception cref="IOException">The store did not answer, or a value cannot be read.</exception>
    public static async ValueTask<List<T?>> ReadManyAsync<T>(
        this IStateStore store, IReadOnlyList<string> keys, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        var values = new List<T?>(keys.Count);
        foreach (var some in keys.Chunk(KeysAtOnce))
        {
            foreach (var item in await store.GetManyAsync(some, cancellation).ConfigureAwait(false))
                values.Add(Parse(item, type));
        }

        return values;
    }

    /// <summary>Changes a value as it is in the store at that moment.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">The key.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="change">Given the value or null; gives what to write, or null to leave it. Called again after a conflict.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="timeToLive">When the value goes by itself; null: never.</param>
    /// <returns>What was written; null: it was left.</returns>
    /// <exception cref="IOException">The store did not answer, the value cannot be read, or there was no end of conflicts.</exception>
    public static async ValueTask<T?> ChangeAsync<T>(
        this IStateStore store, string key, JsonTypeInfo<T> type, Func<T?, T?> change, CancellationToken cancellation, TimeSpan? timeToLive = null)
        where T : class
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var item = await store.GetAsync(key, cancellation).ConfigureAwait(false);
            if (change(Parse(item, type)) is not { } changed)
                return null;
            if (await store.TrySetAsync(key, Write(changed, type), item?.ETag, timeToLive, cancellation).ConfigureAwait(false))
                return changed;
        }

        throw new StateUnavailableException($"The value {key} could not be written: others were quicker {Tries} times.");
    }

    /// <summary>A value as JSON.</summary>
    public static ReadOnlyMemory<byte> Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    /// <summary>Reads a value.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static T? Parse<T>(StateItem? item, JsonTypeInfo<T> type)
        where T : class
    {
        if (item is null)
            return null;
        try
        {
            return JsonSerializer.Deserialize(item.Value.Span, type);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The value {item.Key} of the state store cannot be read: {e.Message}", e);
        }
    }
}
