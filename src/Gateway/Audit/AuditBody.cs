using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Audit;

/// <summary>The bodies of audit records: <c>{"actor":…,"subject":…,"outcome":…,"detail":{…}}</c>; the action is the record's kind.</summary>
internal static class AuditBody
{
    /// <summary>The action of counted refusals.</summary>
    public const string DeniedAction = "denied";

    // The log is no HTML page, and an auditor should be able to read it.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a body.</summary>
    /// <exception cref="ArgumentException">The detail is no JSON.</exception>
    public static ReadOnlyMemory<byte> Write(AuditEvent happened)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Relaxed);
        writer.WriteStartObject();
        writer.WriteString("actor"u8, happened.Actor);
        writer.WriteString("subject"u8, happened.Subject);
        writer.WriteString("outcome"u8, happened.Outcome);
        if (!happened.Detail.IsEmpty)
        {
            writer.WritePropertyName("detail"u8);
            try
            {
                writer.WriteRawValue(happened.Detail.Span);
            }
            catch (JsonException e)
            {
                throw new ArgumentException("The detail of an audit event is a JSON object.", nameof(happened), e);
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The event of one class of refusals.</summary>
    public static AuditEvent Denied(string actor, string code, string subject, long count) =>
        new(actor, DeniedAction, subject, code) { Detail = System.Text.Encoding.ASCII.GetBytes($"{{\"count\":{count}}}") };
}
