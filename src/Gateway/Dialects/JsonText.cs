using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Dialects;

/// <summary>
/// Reading strings that may hold lone surrogates, on which <see cref="Utf8JsonReader.GetString"/> and <see cref="Utf8JsonReader.ValueTextEquals(ReadOnlySpan{byte})"/>
/// throw, and writing readable ones.
/// </summary>
internal static class JsonText
{
    /// <summary>Escapes only what JSON must: the readers are API clients, not browsers that would run markup in it.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether the member name or string the reader stands on is this text, however it is escaped. The reader must read from a single span.</summary>
    public static bool TextIs(this ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan.SequenceEqual(text);
        try
        {
            return reader.ValueTextEquals(text);
        }
        catch (InvalidOperationException)
        {
            return false; // a lone surrogate
        }
    }

    /// <summary>The string the cursor stands on, or null when it is not text or not well formed.</summary>
    public static string? OrNull(ref JsonCursor cursor)
    {
        if (cursor.TokenType != JsonTokenType.String)
            return null;
        try
        {
            return cursor.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
