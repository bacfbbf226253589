using System.Text.Json;

namespace Gateway.Admission.Directory;

/// <summary>Says where the parts of a snapshot are.</summary>
/// <param name="Sequence">The last record it holds.</param>
/// <param name="RecordHash">That record's hash.</param>
/// <param name="Hash">SHA-256 over all parts.</param>
/// <param name="Keys">State keys of the parts, in order.</param>
internal sealed record SnapshotHead(long Sequence, byte[] RecordHash, byte[] Hash, IReadOnlyList<string> Keys)
{
    /// <summary>Writes it as UTF-8 JSON.</summary>
    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("sequence"u8, Sequence);
            json.WriteString("recordHash"u8, Convert.ToHexStringLower(RecordHash));
            json.WriteString("hash"u8, Convert.ToHexStringLower(Hash));
            json.WriteStartArray("parts"u8);
            foreach (var key in Keys) json.WriteStringValue(key);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>Reads one; null when it is none.</summary>
    public static SnapshotHead? Read(ReadOnlySpan<byte> value)
    {
        try
        {
            var reader = new Utf8JsonReader(value);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            return new SnapshotHead(
                root.GetProperty("sequence"u8).GetInt64(),
                Convert.FromHexString(root.GetProperty("recordHash"u8).GetString()!),
                Convert.FromHexString(root.GetProperty("hash"u8).GetString()!),
                [.. root.GetProperty("parts"u8).EnumerateArray().Select(p => p.GetString()!)]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentNullException)
        {
            return null;
        }
    }
}
