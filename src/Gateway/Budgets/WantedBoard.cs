using System.Buffers;
using System.Text.Json;
using Gateway.State;

namespace Gateway.Budgets;

/// <summary>
/// The one value by which replicas say which limits they cannot get enough of, so that each needs to look at one key only, however many leases it has.
/// It is a hint: what is lost of it costs a request its short wait.
/// </summary>
internal sealed class WantedBoard(IStateStore store, TimeProvider time)
{
    private const string Key = "limits:wanted";
    private const int Most = 256;

    /// <summary>How long a mark is heeded.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMilliseconds(1_500);

    /// <summary>Marks what others hold of a limit as wanted, at most twice a second.</summary>
    public async ValueTask WantAsync(Allowance allowance, CancellationToken cancellation)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (Math.Abs(nowMs - allowance.WantedMs) < 500)
            return;
        allowance.WantedMs = nowMs;
        try
        {
            for (var attempt = 0; attempt < 3; attempt++)
            {
                var item = await store.GetAsync(Key, cancellation);
                var marks = Read(item, nowMs);
                marks[allowance.Period.Key] = nowMs;
                if (marks.Count > Most || await store.TrySetAsync(Key, Write(marks), item?.ETag, TimeSpan.FromMinutes(1), cancellation))
                    return;
            }
        }
        catch (StateUnavailableException)
        {
            // Whoever waits finds out by itself.
        }
    }

    /// <summary>What is wanted: keys and when, in milliseconds since 1970.</summary>
    /// <exception cref="StateUnavailableException">The store did not answer.</exception>
    public async ValueTask<IReadOnlyDictionary<string, long>> ReadAsync(CancellationToken cancellation) =>
        Read(await store.GetAsync(Key, cancellation), time.GetUtcNow().ToUnixTimeMilliseconds());

    private static Dictionary<string, long> Read(StateItem? item, long nowMs)
    {
        var marks = new Dictionary<string, long>(StringComparer.Ordinal);
        if (item is null)
            return marks;
        var reader = new Utf8JsonReader(item.Value.Span);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.GetString() is { } key && reader.Read() && reader.TryGetInt64(out var at)
                && Math.Abs(nowMs - at) < Lasts.TotalMilliseconds)
            {
                marks[key] = at;
            }
        }

        return marks;
    }

    private static ReadOnlyMemory<byte> Write(Dictionary<string, long> marks)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        foreach (var (key, at) in marks)
            json.WriteNumber(key, at);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
