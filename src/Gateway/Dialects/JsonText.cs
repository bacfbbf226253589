using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Dialects;

/// <summary>Reading strings that may hold lone surrogates, on which <see cref="Utf8JsonReader.GetString"/> throws, and writing readable ones.</summary>
internal static class JsonText
{
    /// <summary>Escapes only what JSON must: the readers are API clients, not browsers that would run markup in it.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The string the reader stands on, or null when it is not text or not well formed.</summary>
    public static string? OrNull(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            return null;
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
