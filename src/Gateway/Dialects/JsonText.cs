using System.Text.Json;

namespace Gateway.Dialects;

/// <summary>Strings from JSON that may hold lone surrogates, on which <see cref="Utf8JsonReader.GetString"/> throws.</summary>
internal static class JsonText
{
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
