using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Metering;

/// <summary>Usage batches as JSON: snake_case; members that are absent are 0, false, null, or the outcome <c>completed</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    Converters = [typeof(OutcomeConverter)])]
[JsonSerializable(typeof(UsageBatch), TypeInfoPropertyName = "Batch")]
[JsonSerializable(typeof(LedgerEntry), TypeInfoPropertyName = "Entry")]
internal sealed partial class UsageJson : JsonSerializerContext
{
    /// <summary>Writes as many of the entries as one batch takes, at least one.</summary>
    /// <param name="replica">Whose they are.</param>
    /// <param name="entries">In the order of their sequence; at least one.</param>
    /// <returns>The JSON and what is in it.</returns>
    public static (ReadOnlyMemory<byte> Json, UsageBatch Batch) Write(string replica, IReadOnlyList<LedgerEntry> entries)
    {
        var output = new ArrayBufferWriter<byte>(64 << 10);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("replica"u8, replica);
        json.WriteNumber("first"u8, entries[0].Sequence);
        json.WriteStartArray("entries"u8);
        var count = 0;
        while (count < Math.Min(entries.Count, UsageBatch.MaxEntries) && (count == 0 || json.BytesCommitted + json.BytesPending < UsageBatch.MaxBytes - LongestEntry))
            JsonSerializer.Serialize(json, entries[count++], Default.Entry);
        json.WriteEndArray();
        json.WriteNumber("last"u8, entries[count - 1].Sequence);
        json.WriteEndObject();
        json.Flush();
        return (output.WrittenMemory, new UsageBatch(replica, entries[0].Sequence, entries[count - 1].Sequence, [.. entries.Take(count)]));
    }

    /// <summary>Reads a batch.</summary>
    /// <returns>Null when it isn't one.</returns>
    public static UsageBatch? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.Batch) is { Entries: not null } batch && IsSound(batch) ? batch : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsSound(UsageBatch batch)
    {
        if (string.IsNullOrEmpty(batch.Replica) || batch.Replica.Length > 64 || batch.First < 1 || batch.Last < batch.First)
            return false;
        var previous = batch.First - 1;
        foreach (var entry in batch.Entries)
        {
            if (entry is null || entry.Sequence <= previous || entry.Sequence > batch.Last || entry.Attempts < 0)
                return false;
            previous = entry.Sequence;
        }

        return true;
    }

    // Room for one more: some twenty texts of at most 1,024 characters, and two of 256 for each of six attempts; a character may take six bytes.
    private const int LongestEntry = 160 << 10;

    private sealed class OutcomeConverter() : JsonStringEnumConverter<LedgerOutcome>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
}
