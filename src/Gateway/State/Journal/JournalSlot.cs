using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.State.Journal;

/// <summary>
/// A record as it lies in the state store: a JSON object with the body as a string, because some stores write JSON anew in their own way, which would
/// change its bytes and with them the hash. The nonce says whose write filled the slot.
/// </summary>
/// <param name="Record">The record.</param>
/// <param name="Nonce">Random, of one attempt to append.</param>
internal sealed record JournalSlot(JournalRecord Record, string Nonce)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the slot.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(Record.Body.Length + 512);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteNumber("sequence"u8, Record.Sequence);
            writer.WriteString("time"u8, JournalSeal.FormatTime(Record.Time));
            writer.WriteString("kind"u8, Record.Kind);
            writer.WriteString("body"u8, Record.Body.Span);
            writer.WriteBase64String("previous"u8, Record.PreviousHash);
            writer.WriteBase64String("hash"u8, Record.Hash);
            writer.WriteString("nonce"u8, Nonce);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a slot; null when it is none.</summary>
    public static JournalSlot? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var slot = document.RootElement;
            if (!JournalSeal.TryParseTime(slot.GetProperty("time"u8).GetString(), out var time))
                return null;
            var record = new JournalRecord(
                slot.GetProperty("sequence"u8).GetInt64(),
                time,
                slot.GetProperty("kind"u8).GetString()!,
                Encoding.UTF8.GetBytes(slot.GetProperty("body"u8).GetString()!),
                slot.GetProperty("previous"u8).GetBytesFromBase64(),
                slot.GetProperty("hash"u8).GetBytesFromBase64());
            return new JournalSlot(record, slot.GetProperty("nonce"u8).GetString()!);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentNullException)
        {
            return null;
        }
    }
}
