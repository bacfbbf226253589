using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace Gateway.Budgets;

/// <summary>A <see cref="LimitValue"/> as JSON. Members that are not known are skipped, so that older replicas can read what newer ones write.</summary>
internal static class LimitValueJson
{
    /// <summary>Reads one.</summary>
    /// <exception cref="JsonException">It isn't one.</exception>
    public static LimitValue Read(ReadOnlySpan<byte> json)
    {
        var value = new LimitValue();
        var reader = new Utf8JsonReader(json);
        Open(ref reader);
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("replicas"u8))
                ReadSlots(ref reader, value);
            else if (reader.ValueTextEquals("announced"u8))
                ReadAnnounced(ref reader, value);
            else if (reader.ValueTextEquals("exhausted"u8) && reader.Read())
                value.Exhausted = reader.GetString();
            else
                reader.Skip();
        }

        return value;
    }

    /// <summary>Writes one.</summary>
    public static ReadOnlyMemory<byte> Write(LimitValue value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject("replicas"u8);
        foreach (var slot in value.Slots)
            WriteSlot(json, slot);
        json.WriteEndObject();
        if (value.Announced.Count > 0)
        {
            json.WriteStartObject("announced"u8);
            foreach (var (percent, life) in value.Announced)
                json.WriteString(percent.ToString(CultureInfo.InvariantCulture), life);
            json.WriteEndObject();
        }

        if (value.Exhausted is not null)
            json.WriteString("exhausted"u8, value.Exhausted);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteSlot(Utf8JsonWriter json, ReplicaSlot slot)
    {
        json.WriteStartObject(slot.Replica);
        json.WriteString("life"u8, slot.Life);
        json.WriteStartObject("used"u8);
        WriteBuckets(json, slot.Used);
        if (slot.Corrected.Count > 0)
        {
            json.WriteStartObject("corrected"u8);
            WriteBuckets(json, slot.Corrected);
        }

        json.WriteNumber("held"u8, slot.Held);
        json.WriteNumber("expires"u8, slot.Expires);
        json.WriteEndObject();
    }

    private static void WriteBuckets(Utf8JsonWriter json, SortedList<long, long> buckets)
    {
        foreach (var (bucket, amount) in buckets)
            json.WriteNumber(bucket.ToString(CultureInfo.InvariantCulture), amount);
        json.WriteEndObject();
    }

    private static void ReadSlots(ref Utf8JsonReader reader, LimitValue value)
    {
        Open(ref reader);
        while (NextMember(ref reader))
        {
            var slot = new ReplicaSlot { Replica = reader.GetString()! };
            Open(ref reader);
            while (NextMember(ref reader))
            {
                if (reader.ValueTextEquals("used"u8))
                    ReadBuckets(ref reader, slot.Used);
                else if (reader.ValueTextEquals("corrected"u8))
                    ReadBuckets(ref reader, slot.Corrected);
                else if (reader.ValueTextEquals("held"u8) && reader.Read())
                    slot.Held = reader.GetInt64();
                else if (reader.ValueTextEquals("expires"u8) && reader.Read())
                    slot.Expires = reader.GetInt64();
                else if (reader.ValueTextEquals("life"u8) && reader.Read())
                    slot.Life = reader.GetString()!;
                else
                    reader.Skip();
            }

            value.Slots.Add(slot);
        }
    }

    private static void ReadBuckets(ref Utf8JsonReader reader, SortedList<long, long> buckets)
    {
        Open(ref reader);
        while (NextMember(ref reader))
        {
            if (!Utf8Parser.TryParse(reader.ValueSpan, out long bucket, out _) || !reader.Read())
                throw new JsonException("A bucket is a number.");
            buckets.Add(bucket, reader.GetInt64());
        }
    }

    private static void ReadAnnounced(ref Utf8JsonReader reader, LimitValue value)
    {
        Open(ref reader);
        while (NextMember(ref reader))
        {
            if (!Utf8Parser.TryParse(reader.ValueSpan, out int percent, out _) || !reader.Read())
                throw new JsonException("A percentage is a number.");
            value.Announced.Add(percent, reader.GetString()!);
        }
    }

    private static void Open(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("An object was expected.");
    }

    private static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;
}
