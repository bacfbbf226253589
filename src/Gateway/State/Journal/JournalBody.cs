using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Gateway.State.Journal;

/// <summary>What a journal takes as the body of a record.</summary>
internal static class JournalBody
{
    /// <summary>The largest body, in bytes.</summary>
    public const int Largest = 256 * 1024;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A body of its own on one line, so that an export has one record a line.</summary>
    /// <exception cref="ArgumentException">It is not one JSON value in UTF-8, or larger than <see cref="Largest"/>.</exception>
    public static byte[] Take(ReadOnlyMemory<byte> body)
    {
        if (body.Length > Largest)
            throw new ArgumentException($"The body of a record has at most {Largest} bytes, not {body.Length}.", nameof(body));
        if (!Utf8.IsValid(body.Span))
            throw new ArgumentException("The body of a record is UTF-8.", nameof(body));
        try
        {
            using var document = JsonDocument.Parse(body);
            return body.Span.ContainsAny((byte)'\n', (byte)'\r') ? OnOneLine(document) : body.ToArray();
        }
        catch (JsonException e)
        {
            throw new ArgumentException("The body of a record is JSON.", nameof(body), e);
        }
    }

    private static byte[] OnOneLine(JsonDocument document)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
            document.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
