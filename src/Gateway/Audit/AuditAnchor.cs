using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Events;
using Gateway.State.Journal;

namespace Gateway.Audit;

/// <summary>A head of the log as it was: kept elsewhere, it proves that nothing up to there was rewritten or cut off.</summary>
/// <param name="Sequence">The head's sequence.</param>
/// <param name="Hash">The head's hash.</param>
/// <param name="Time">When the head was appended.</param>
internal sealed record AuditAnchor(long Sequence, byte[] Hash, DateTimeOffset Time)
{
    /// <summary>The type of the event.</summary>
    public const string EventType = "gateway.audit-anchor.v1";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The anchor of a record.</summary>
    public static AuditAnchor Of(JournalRecord head) => new(head.Sequence, head.Hash, head.Time);

    /// <summary>The event that publishes it. Replicas that publish the same head give it the same id.</summary>
    public BusEvent ToEvent() => new($"audit-anchor-{Sequence}-{Convert.ToHexStringLower(Hash.AsSpan(0, 8))}", EventType, ToJson());

    /// <summary><c>{"sequence":…,"hash":"base64","time":"…"}</c>.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(160);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteNumber("sequence"u8, Sequence);
            writer.WriteBase64String("hash"u8, Hash);
            writer.WriteString("time"u8, JournalSeal.FormatTime(Time));
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads an anchor, also from the <c>data</c> of a CloudEvent; null when it is none.</summary>
    public static AuditAnchor? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var anchor = document.RootElement;
            if (anchor.TryGetProperty("data"u8, out var data))
                anchor = data;
            return JournalSeal.TryParseTime(anchor.GetProperty("time"u8).GetString(), out var time)
                ? new AuditAnchor(anchor.GetProperty("sequence"u8).GetInt64(), anchor.GetProperty("hash"u8).GetBytesFromBase64(), time)
                : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
