using System.Text;
using System.Text.Json;
using Gateway.Dialects;
using Gateway.Transport;

namespace Gateway.Routing.Rules;

/// <summary>
/// Looks through a request's body once, whatever dialect it is in: names and types that mean media, tools and schemas are the same in several, and nowhere mean
/// something else. What tools were called with is passed over, for it may hold anything.
/// </summary>
internal static class BodyScan
{
    /// <summary>Reads a body. What is no JSON is read as far as it goes.</summary>
    public static BodyFacts Read(ReadOnlySpan<byte> body)
    {
        var walk = new BodyWalk(body);
        try
        {
            walk.Read();
        }
        catch (JsonException)
        {
            // Its dialect has refused it, or will.
        }

        return walk.Facts;
    }

    /// <summary>The text of a JSON string; empty when there is none.</summary>
    public static string TextAt(PooledBuffer? body, Range place)
    {
        if (body is null || place.Equals(default))
            return "";
        var reader = new Utf8JsonReader(body.WrittenSpan[place]);
        reader.Read();
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return ""; // not text
        }
    }

    /// <summary>The text of a member of a JSON object; null when there is none. Numbers and truths count as they are written.</summary>
    public static string? MemberAt(PooledBuffer? body, Range place, string name)
    {
        if (body is null || place.Equals(default))
            return null;
        var cursor = new JsonCursor(body.WrittenSpan[place]);
        Span<byte> wanted = stackalloc byte[128];
        if (!Encoding.UTF8.TryGetBytes(name, wanted, out var length))
            return null;
        cursor.Read();
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            if (cursor.TextIs(wanted[..length]))
            {
                cursor.Read();
                return cursor.TokenType switch
                {
                    JsonTokenType.String => JsonText.OrNull(ref cursor),
                    JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => Encoding.UTF8.GetString(cursor.ValueSpan),
                    _ => null,
                };
            }

            cursor.Skip();
        }

        return null;
    }
}
