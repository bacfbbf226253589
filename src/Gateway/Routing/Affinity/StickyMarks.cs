using System.Text.Json;
using Gateway.Dialects;

namespace Gateway.Routing.Affinity;

/// <summary>
/// What a request of OpenAI's Responses mentions that only the provider who made it knows: the response it continues, its conversation, items of
/// reasoning by id or as encrypted content. The most telling first; each as a hash.
/// </summary>
internal static class StickyMarks
{
    // Reasoning is sent back with all the turns since; the last of it tells as much as all of it.
    private const int MostOfReasoning = 4;

    /// <summary>Whether a body may mention any. Almost none does, and this is the speed of a search.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> body) =>
        body.IndexOf("\"previous_response_id\""u8) >= 0 || body.IndexOf("\"conversation\""u8) >= 0
        || body.IndexOf("\"rs_"u8) >= 0 || body.IndexOf("\"encrypted_content\""u8) >= 0;

    /// <summary>Reads them.</summary>
    /// <param name="body">The request, JSON.</param>
    /// <param name="salt">The tenant's.</param>
    /// <param name="isStored">Whether it continues something that only its maker has; otherwise the request itself has all of it, and others can do without its reasoning.</param>
    public static IReadOnlyList<ulong> Read(ReadOnlySpan<byte> body, ulong salt, out bool isStored)
    {
        isStored = false;
        ulong? previous = null;
        ulong? conversation = null;
        var reasoning = new List<ulong>();
        var cursor = new JsonCursor(body);
        try
        {
            if (!cursor.Read() || cursor.TokenType != JsonTokenType.StartObject)
                return [];
            while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
            {
                if (cursor.TextIs("previous_response_id"u8))
                    previous = ReadId(ref cursor, salt);
                else if (cursor.TextIs("conversation"u8))
                    conversation = ReadId(ref cursor, salt);
                else if (cursor.TextIs("input"u8))
                    ReadItems(ref cursor, salt, reasoning);
                else
                    cursor.Skip();
            }
        }
        catch (JsonException)
        {
            // What was read tells.
        }

        isStored = previous is not null || conversation is not null;
        reasoning.Reverse();
        return [.. previous is { } p ? [p] : (ulong[])[], .. conversation is { } c ? [c] : (ulong[])[], .. reasoning.Take(MostOfReasoning)];
    }

    /// <summary>The conversation that a request belongs to, or null.</summary>
    public static ulong? Conversation(ReadOnlySpan<byte> body, ulong salt)
    {
        if (body.IndexOf("\"conversation\""u8) < 0)
            return null;
        var cursor = new JsonCursor(body);
        cursor.Read();
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            if (cursor.TextIs("conversation"u8))
                return ReadId(ref cursor, salt);
            cursor.Skip();
        }

        return null;
    }

    /// <summary>The mark of an id that the provider gave.</summary>
    public static ulong Of(ReadOnlySpan<byte> id, ulong salt) => TenantSalt.Add(salt, ReplyFacts.MarkOf(id));

    /// <summary>An id, or an object that has one.</summary>
    private static ulong? ReadId(ref JsonCursor cursor, ulong salt)
    {
        cursor.Read();
        if (cursor.TokenType == JsonTokenType.String)
            return cursor.ValueSpan.IsEmpty ? null : Of(cursor.ValueSpan, salt);
        if (cursor.TokenType != JsonTokenType.StartObject)
        {
            cursor.Skip();
            return null;
        }

        ulong? id = null;
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            var isId = cursor.TextIs("id"u8);
            cursor.Read();
            if (isId && cursor.TokenType == JsonTokenType.String)
                id = Of(cursor.ValueSpan, salt);
            cursor.Skip();
        }

        return id;
    }

    private static void ReadItems(ref JsonCursor cursor, ulong salt, List<ulong> marks)
    {
        cursor.Read();
        if (cursor.TokenType != JsonTokenType.StartArray)
        {
            cursor.Skip();
            return;
        }

        while (cursor.Read() && cursor.TokenType != JsonTokenType.EndArray)
        {
            if (cursor.TokenType != JsonTokenType.StartObject)
            {
                cursor.Skip();
                continue;
            }

            while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
            {
                var (isId, isContent) = (cursor.TextIs("id"u8), cursor.TextIs("encrypted_content"u8));
                cursor.Read();
                if (cursor.TokenType == JsonTokenType.String && (isContent || (isId && cursor.ValueSpan.StartsWith("rs_"u8))))
                    marks.Add(Of(cursor.ValueSpan, salt));
                cursor.Skip();
            }
        }
    }
}
