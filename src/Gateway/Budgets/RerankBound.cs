using System.Text.Json;
using Gateway.Dialects;

namespace Gateway.Budgets;

/// <summary>What a rerank request uses at most: the query is read once with each document, and long documents are searched in pieces.</summary>
internal static class RerankBound
{
    /// <summary>Documents or pieces of them in one billed search.</summary>
    private const long PiecesPerSearch = 100;

    /// <summary>A piece is some 500 tokens with the query; one of fewer bytes is not cut.</summary>
    private const long BytesPerPiece = 256;

    /// <summary>No request has more tokens, or is billed as more searches, than that.</summary>
    public static TokenBound Of(ReadOnlySpan<byte> body)
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
            // It was read before, so this is none.
        }

        var pieces = documents + (body.Length / BytesPerPiece);
        return new TokenBound(body.Length + (query * documents), 0, 1, Searches: (pieces + PiecesPerSearch - 1) / PiecesPerSearch);
    }
}
