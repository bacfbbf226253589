using System.Text.Json;

namespace Gateway.Dialects;

/// <summary>
/// Reads the small members of a large reply: a member that is wanted is read as a tree of its own, and the rest, thousands of numbers, is
/// checked for being JSON and skipped.
/// </summary>
internal static class ReplyScan
{
    /// <summary>Told of a member: its name's index among the wanted, and its value.</summary>
    public delegate void Found(int name, JsonElement value);

    /// <param name="body">The whole reply.</param>
    /// <param name="required">The members of which one must be there.</param>
    /// <param name="wanted">The members that are read.</param>
    /// <param name="found">Told of each.</param>
    /// <returns>False when the body is no JSON object with one of <paramref name="required"/>.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, ReadOnlySpan<string> required, ReadOnlySpan<string> wanted, Found found)
    {
        var cursor = new JsonCursor(body);
        var isReply = false;
        try
        {
            if (!cursor.Read() || cursor.TokenType != JsonTokenType.StartObject)
                return false;
            while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
            {
                isReply |= IndexOf(ref cursor, required) >= 0;
                var index = IndexOf(ref cursor, wanted);
                cursor.Read();
                var start = cursor.TokenStart;
                cursor.Skip();
                if (index < 0)
                    continue;
                using var value = WireJson.Parse(body[start..cursor.Position].ToArray());
                found(index, value.RootElement);
            }

            return isReply && !cursor.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static int IndexOf(ref JsonCursor cursor, ReadOnlySpan<string> names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (System.Text.Ascii.Equals(cursor.ValueSpan, names[i]))
                return i;
        }

        return -1;
    }
}
