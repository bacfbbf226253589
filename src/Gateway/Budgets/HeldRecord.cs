using System.Buffers;
using System.Text.Json;
using Gateway.State;

namespace Gateway.Budgets;

/// <summary>
/// Which leases this replica holds, under one key of its own, so that a start after a crash can settle them without waiting for their limits to be used.
/// It may lag: what it does not name is settled at first use.
/// </summary>
internal sealed class HeldRecord(string replica, IStateStore store)
{
    private const int Most = 20_000;
    private readonly string _key = StateKeys.Join("replica", replica, "leases");
    private HashSet<string> _written = [];

    /// <summary>Reads what the last life held: limit ids and a time within the period.</summary>
    /// <exception cref="StateUnavailableException">The store did not answer.</exception>
    public async ValueTask<IReadOnlyList<(string Limit, DateTimeOffset Time)>> ReadAsync(CancellationToken cancellation)
    {
        var held = new List<(string, DateTimeOffset)>();
        if (await store.GetAsync(_key, cancellation) is not { } item)
            return held;
        using var json = JsonDocument.Parse(item.Value);
        foreach (var entry in json.RootElement.EnumerateArray())
            held.Add((entry.GetProperty("limit").GetString()!, DateTimeOffset.FromUnixTimeMilliseconds(entry.GetProperty("start").GetInt64())));
        return held;
    }

    /// <summary>Writes what is held, if that has changed.</summary>
    /// <exception cref="StateUnavailableException">The store did not answer.</exception>
    public async ValueTask WriteAsync(IReadOnlyCollection<Allowance> held, CancellationToken cancellation)
    {
        var keys = held.Take(Most).Select(allowance => allowance.Period.Key).ToHashSet();
        if (keys.SetEquals(_written))
            return;
        await store.SetAsync(_key, Write(held.Take(Most)), null, cancellation);
        _written = keys;
    }

    private static ReadOnlyMemory<byte> Write(IEnumerable<Allowance> held)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        foreach (var allowance in held)
        {
            json.WriteStartObject();
            json.WriteString("limit"u8, allowance.Limit.Id);
            json.WriteNumber("start"u8, Math.Max(0, allowance.Period.Start.ToUnixTimeMilliseconds()));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
