using System.Text.Json;
using Gateway.Dialects;

namespace Gateway.Budgets;

/// <summary>The tokens of a rerank request: the query is read once with each document.</summary>
internal static class RerankBound
{
    /// <summary>No request has more tokens than that.</summary>
    public static long Tokens(ReadOnlySpan<byte> body)
    {
        var cursor = new JsonCursor(body);
        long query = 0, documents = 0;
        try
        {
            cursor.Read();
            while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
            {
                var isQuery = cursor.TextIs("query"u8);
                var isDocuments = cursor.TextIs("documents"u8);
                cursor.Read();
                if (isQuery && cursor.TokenType == JsonTokenType.String)
                    query = cursor.ValueSpan.Length;
                if (isDocuments && cursor.TokenType == JsonTokenType.StartArray)
                {
                    while (cursor.Read() && cursor.TokenType != JsonTokenType.EndArray)
                    {
                        documents++;
                        cursor.Skip();
                    }
                }

                cursor.Skip();
            }
        }
        catch (JsonException)
        {
            return body.Length; // it was read before, so this is none
        }

        return body.Length + (query * documents);
    }
}
