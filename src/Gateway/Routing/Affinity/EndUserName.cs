using System.Text.Json;
using Gateway.Dialects;

namespace Gateway.Routing.Affinity;

/// <summary>The end user that a request names: <c>user</c>, <c>safety_identifier</c> or <c>metadata.user_id</c>, whichever comes first.</summary>
internal static class EndUserName
{
    /// <summary>Hashes it.</summary>
    /// <param name="body">The request, JSON.</param>
    /// <param name="salt">What the hash begins with.</param>
    /// <returns>Null when the request names none.</returns>
    public static ulong? Hash(ReadOnlySpan<byte> body, ulong salt)
    {
        if (body.IsEmpty)
            return null;
        var cursor = new JsonCursor(body);
        try
        {
            return cursor.Read() && cursor.TokenType == JsonTokenType.StartObject ? Find(ref cursor, salt, isMetadata: false) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ulong? Find(ref JsonCursor cursor, ulong salt, bool isMetadata)
    {
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            var isName = isMetadata ? cursor.TextIs("user_id"u8) : cursor.TextIs("user"u8) || cursor.TextIs("safety_identifier"u8);
            var holdsName = !isMetadata && cursor.TextIs("metadata"u8);
            cursor.Read();
            if (isName && cursor.TokenType == JsonTokenType.String && !cursor.ValueSpan.IsEmpty)
                return TenantSalt.Add(salt, cursor.ValueSpan);
            if (!holdsName || cursor.TokenType != JsonTokenType.StartObject)
                cursor.Skip();
            else if (Find(ref cursor, salt, isMetadata: true) is { } found)
                return found;
        }

        return null;
    }
}
