using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.State.Journal;

namespace Gateway.Audit;

/// <summary>
/// One line of an exported log: <c>{"sequence":…,"time":"…","kind":"…","body":{…},"previous_hash":"base64","hash":"base64"}</c>. A record has exactly one
/// line that says it, so that a line can be checked to the byte.
/// </summary>
internal static class AuditLine
{
    /// <summary>The longest line, in bytes: the largest body, and what is around it.</summary>
    public const int Longest = JournalBody.Largest + 4_096;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a record as a line, with the line end.</summary>
    public static void Write(IBufferWriter<byte> output, JournalRecord record)
    {
        using (var writer = new Utf8JsonWriter(output, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteNumber("sequence"u8, record.Sequence);
            writer.WriteString("time"u8, JournalSeal.FormatTime(record.Time));
            writer.WriteString("kind"u8, record.Kind);
            writer.WritePropertyName("body"u8);
            writer.WriteRawValue(record.Body.Span, skipInputValidation: true);
            writer.WriteBase64String("previous_hash"u8, record.PreviousHash);
            writer.WriteBase64String("hash"u8, record.Hash);
            writer.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>Reads a line without its end; null when it is not exactly what <see cref="Write"/> writes for some record.</summary>
    public static JournalRecord? Parse(ReadOnlySpan<byte> line)
    {
        if (Read(line) is not { } record)
            return null;
        var canonical = new ArrayBufferWriter<byte>(line.Length + 1);
        Write(canonical, record);
        return canonical.WrittenSpan[..^1].SequenceEqual(line) ? record : null;
    }

    private static JournalRecord? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            // The body may be nested as deep as JSON is allowed to be on its own.
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 128 });
            reader.Read();
            Enter(ref reader, "sequence"u8);
            var sequence = reader.GetInt64();
            Enter(ref reader, "time"u8);
            if (!JournalSeal.TryParseTime(reader.GetString(), out var time))
                return null;
            Enter(ref reader, "kind"u8);
            var kind = reader.GetString()!;
            Enter(ref reader, "body"u8);
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var body = line[start..(int)reader.BytesConsumed].ToArray();
            Enter(ref reader, "previous_hash"u8);
            var previous = reader.GetBytesFromBase64();
            Enter(ref reader, "hash"u8);
            return new JournalRecord(sequence, time, kind, body, previous, reader.GetBytesFromBase64());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentNullException)
        {
            return null;
        }
    }

    private static void Enter(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(name) || !reader.Read())
            throw new FormatException("Not the member that belongs here.");
    }
}
